"""GET /waits: who waits for whom now, by the last look."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter

from analytics.api.access import Caller
from analytics.api.models import WaitEdge, WaitNode, WaitRing, Waits
from analytics.findings.ledger import FindingLedger
from analytics.rfc3339 import rfc3339
from analytics.waits import graph

DETECTOR = "deadlock"


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
    places = [place for place, edge in enumerate(found.edges) if edge.project == project]
    shown = {place: number for number, place in enumerate(places)}
    return Waits(
        at=_time(found.at_ns or None),
        nodes=[_node(node) for node in found.nodes if node.project == project],
        edges=[_edge(found.edges[place], found.at_ns) for place in places],
        rings=[
            _ring(ring, found.at_ns, finding_ids.get(ring.fingerprint), [shown[hop] for hop in ring.hops])
            for ring in found.rings
            if ring.project == project
        ],
    )


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
