"""GET /waits: who waits for whom now, by the last look."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from fastapi import APIRouter

from analytics.api.access import Caller
from analytics.api.models import WaitEdge, WaitNode, WaitRing, Waits
from analytics.findings.ledger import FindingLedger
from analytics.rfc3339 import rfc3339
from analytics.waits import graph

DETECTOR = "deadlock"
# Shown of a project.
EDGES_MAX = 2_000
NODES_MAX = 2_000


def router(waits: Callable[[], graph.WaitGraph], ledger: FindingLedger) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    waits
        Gives the graph of the last look (`Outcome.waits`).
    """
    routes = APIRouter()

    @routes.get("/waits")
    def wait_graph(caller: Caller) -> Waits:
        """Return the wait-for graph: who can wait, who waits for whom, and rings of waits."""
        ids = {
            finding.fingerprint: finding.id
            for finding in ledger.open(DETECTOR)
            if finding.project == caller.project
        }
        return _shown(waits(), caller.project, ids)

    return routes


def _shown(found: graph.WaitGraph, project: str, finding_ids: Mapping[str, str]) -> Waits:
    rings = [ring for ring in found.rings if ring.project == project]
    places = _places(found.edges, project, rings)
    shown = {place: number for number, place in enumerate(places)}
    edges = [found.edges[place] for place in places]
    return Waits(
        at=_time(found.at_ns or None),
        nodes=[_node(node) for node in _nodes(found.nodes, project, edges)],
        edges=[_edge(edge, found.at_ns) for edge in edges],
        rings=[
            _ring(ring, found.at_ns, finding_ids.get(ring.fingerprint), [shown[hop] for hop in ring.hops])
            for ring in rings
        ],
    )


def _places(edges: Sequence[graph.WaitEdge], project: str, rings: Sequence[graph.WaitRing]) -> list[int]:
    """Return the places of the edges that are shown: those of rings, then the oldest of each environment."""
    in_rings = {hop for ring in rings for hop in ring.hops}
    others = (place for place, edge in enumerate(edges) if edge.project == project and place not in in_rings)
    return sorted([*in_rings, *islice(others, max(0, EDGES_MAX - len(in_rings)))])


def _nodes(
    nodes: Sequence[graph.Node], project: str, edges: Sequence[graph.WaitEdge]
) -> Iterator[graph.Node]:
    """Yield the nodes of these edges, and as many others as there is room for."""
    wanted = {name for edge in edges for name in (edge.waiter, edge.target)}
    room = max(0, NODES_MAX - len(wanted))
    for node in nodes:
        if node.project == project and (node.id in wanted or room > 0):
            room -= node.id not in wanted
            yield node


def _node(node: graph.Node) -> WaitNode:
    return WaitNode(
        id=node.id, kind=node.kind, label=node.label, agent=node.agent or None, working=node.working
    )


def _edge(edge: graph.WaitEdge, at_ns: int) -> WaitEdge:
    return WaitEdge(
        waiter=edge.waiter,
        target=edge.target,
        kind=edge.kind,
        resource=edge.resource or None,
        needed=edge.needed,
        targets=edge.targets,
        since=rfc3339(edge.since_ns),
        last_seen=rfc3339(edge.seen_ns),
        age_s=_age_s(edge.since_ns, at_ns),
        deadline=_time(edge.deadline_ns),
        trace_id=edge.trace_id,
        span_id=edge.span_id,
        inferred=edge.inferred,
    )


def _ring(ring: graph.WaitRing, at_ns: int, finding_id: str | None, hops: list[int]) -> WaitRing:
    return WaitRing(
        finding_id=finding_id,
        grade=ring.grade,
        closed=rfc3339(ring.closed_ns),
        age_s=_age_s(ring.closed_ns, at_ns),
        breaks=_time(ring.deadline_ns),
        hops=hops,
        victims=list(ring.victims),
        cut=ring.cut,
    )


def _age_s(since_ns: int, at_ns: int) -> float:
    return max(0, at_ns - since_ns) / 1e9


def _time(ns: int | None) -> str | None:
    return None if ns is None else rfc3339(ns)
