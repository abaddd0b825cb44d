"""Waits of one agent for another that nobody reported: concluded from calls without an answer. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.waits.wait import Wait

Node = Callable[[Unfinished, str], str]
"""Names the node of an agent of a trace."""


def inferred_waits(traces: Iterable[Unfinished], now_ns: int, node: Node) -> Iterator[Wait]:
    """Yield the waits of agents for agents of the same trace.

    An agent that is in the middle of several things at once may be working in one of them: of such nothing
    is concluded, and neither where a person is waited for. What an agent asked for in one breath it waits for
    together. An agent that began only when it was asked, and asks whoever asked for it, asks another instance
    of that, which has not been heard of yet: a recursion, no ring.

    Parameters
    ----------
    now_ns
        Until when the calls were seen to have no answer, in Unix nanoseconds.
    node
        Names what waits and is waited for, as the other waits of the graph do.

    Examples
    --------
    `tests/analytics/inferred/test_waits.py`.
    """
    for trace in traces:
        if trace.open_spans or any(work.for_human for work in trace.work):
            continue
        runs = Counter(agent for agent, _ in {(work.agent, work.run_id) for work in trace.work})
        calls = [work for work in trace.work if work.target and work.agent and runs[work.agent] == 1]
        above = _callers(trace.work, calls)
        for together in _together(work for work in calls if work.target not in above.get(work.agent, ())):
            targets = tuple(dict.fromkeys(node(trace, work.target) for work in together))
            yield Wait(
                id=trace.trace_id + together[0].asked_by,
                waiter=node(trace, together[0].agent),
                targets=targets,
                needed=len(targets),
                since_ns=together[0].since_ns,
                seen_ns=now_ns,
                inferred=True,
            )


def _callers(works: Iterable[OpenWork], calls: Iterable[OpenWork]) -> Mapping[str, set[str]]:
    """Return for each agent those that called it into being: its caller, that one's caller and so on."""
    began = {work.agent: work.began_ns for work in works}
    caller = {work.target: work.agent for work in calls if began.get(work.target, 0) >= work.since_ns}
    above: defaultdict[str, set[str]] = defaultdict(set)
    for agent, by in caller.items():
        one: str | None = by
        while one is not None and one not in above[agent]:
            above[agent].add(one)
            one = caller.get(one)
    return above


def _together(calls: Iterable[OpenWork]) -> Iterable[Sequence[OpenWork]]:
    groups: defaultdict[tuple[str, str], list[OpenWork]] = defaultdict(list)
    for work in calls:
        groups[work.agent, work.asked_by].append(work)
    return groups.values()
