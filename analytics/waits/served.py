"""Which waits are for somebody who is at work. Pure."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable

from analytics.findings.judgement import Key
from analytics.waits.graph import WaitEdge


def served(edges: Iterable[WaitEdge], at_work: Collection[Key]) -> frozenset[Key]:
    """Return the waits, by project and id of trace and span, that lead to somebody who is at work.

    Directly, or because who is waited for waits for such a one in turn. Where several are waited for, one
    at work is enough: the others may have their turn when it is done.

    Parameters
    ----------
    at_work
        Projects and nodes of the graph.
    """
    by_target: defaultdict[Key, list[WaitEdge]] = defaultdict(list)
    for edge in edges:
        by_target[edge.project, edge.target].append(edge)
    found: set[Key] = set()
    seen, reached = set(at_work), deque(at_work)
    while reached:
        for edge in by_target.get(reached.popleft(), ()):
            found.add((edge.project, edge.trace_id + edge.span_id))
            waiter = (edge.project, edge.waiter)
            if waiter not in seen:
                seen.add(waiter)
                reached.append(waiter)
    return frozenset(found)
