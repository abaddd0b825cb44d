"""The wait-for graph for those who ask: nodes, edges and rings of all projects, within bounds. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from analytics.waits.graph import Node, WaitEdge, WaitGraph, WaitRing
from analytics.waits.open_span import OpenSpan
from analytics.waits.standing import Standing
from analytics.waits.standstill import Standstill
from analytics.waits.wait import Wait

# Of one project and environment: those of rings, then the oldest. Who waits for one at work is excused by
# them (`served`), so there is room for far more than is shown.
EDGES_MAX = 50_000
NODES_MAX = 2_000

Part = tuple[Standing, Sequence[Standstill]]
# A wait for one of its targets, and what shows it.
Shown = tuple[Wait, str, OpenSpan]


def picture(parts: Sequence[Part], now_ns: int) -> WaitGraph:
    """Return what is shown of the graphs of all projects and environments.

    Parameters
    ----------
    parts
        Each graph with its rings, which come first.
    """
    nodes: dict[tuple[str, str], Node] = {}
    edges: list[WaitEdge] = []
    rings: list[WaitRing] = []
    for graph, found in parts:
        places: dict[tuple[str, str], int] = {}
        named: dict[tuple[str, str], None] = {}
        for wait, target, span in islice(_in_order(graph, found), EDGES_MAX):
            places[wait.id, target] = len(edges)
            edges.append(_edge(wait, target, span))
            named[span.project, wait.waiter] = named[span.project, target] = None
        nodes |= {(project, name): _node(graph, name) for project, name in named}
        rings += [_ring(one, places) for one in found if _is_whole(one, places)]
    _fill(nodes, parts)
    return WaitGraph(now_ns, list(nodes.values()), edges, rings)


def _in_order(graph: Standing, found: Sequence[Standstill]) -> Iterator[Shown]:
    """Yield the edges of rings, then all others by age."""
    in_rings: dict[tuple[str, str], Shown] = {
        (edge.wait.id, edge.target): (edge.wait, edge.target, span)
        for one in found
        for edge, span in zip(one.ring.edges, one.spans, strict=True)
    }
    yield from in_rings.values()
    for wait in sorted(graph.waits, key=lambda wait: (wait.since_ns, wait.id)):
        for target in wait.targets:
            if (wait.id, target) not in in_rings:
                yield wait, target, graph.shown[wait.id, target]


def _edge(wait: Wait, target: str, span: OpenSpan) -> WaitEdge:
    return WaitEdge(
        project=span.project,
        waiter=wait.waiter,
        target=target,
        kind="lock" if span.holds else span.wait_reason or "agent",
        resource=span.holds or span.wait_resource,
        needed=wait.needed,
        targets=len(wait.targets),
        since_ns=wait.since_ns,
        seen_ns=wait.seen_ns,
        deadline_ns=wait.deadline_ns,
        trace_id=span.trace_id,
        span_id=span.span_id,
        inferred=wait.inferred,
    )


def _node(graph: Standing, name: str) -> Node:
    works = name not in graph.waiting or name in graph.working
    return graph.nodes[name] if works else graph.nodes[name]._replace(working=False)


def _ring(one: Standstill, places: dict[tuple[str, str], int]) -> WaitRing:
    return WaitRing(
        project=one.spans[0].project,
        fingerprint=one.fingerprint,
        grade=one.grade,
        closed_ns=one.ring.closed_ns,
        seen_ns=one.ring.seen_ns,
        deadline_ns=one.ring.deadline_ns,
        hops=tuple(places[edge.wait.id, edge.target] for edge in one.ring.edges),
        victims=one.victims,
        cut=one.cut,
        told=one.told,
    )


def _is_whole(one: Standstill, places: dict[tuple[str, str], int]) -> bool:
    return all((edge.wait.id, edge.target) in places for edge in one.ring.edges)


def _fill(nodes: dict[tuple[str, str], Node], parts: Sequence[Part]) -> None:
    """Add agents that nobody waits for, as far as there is room."""
    room = Counter(project for project, _ in nodes)
    for graph, _ in parts:
        for name, node in graph.nodes.items():
            if (node.project, name) not in nodes and room[node.project] < NODES_MAX:
                nodes[node.project, name] = _node(graph, name)
                room[node.project] += 1
