"""Waits of one agent for another that nobody reported: concluded from calls without an answer. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.waits.wait import Wait

Node = Callable[[Unfinished, str], str]
"""Names the node of an agent of a trace."""

# Callers that are looked at above an agent, as of reported ones; a client may nest as deep as it likes.
_CALLERS_MAX = 100


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
        caller = _callers(trace.work, calls)
        for together in _together(work for work in calls if not _goes_back(work, caller)):
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


def _callers(works: Iterable[OpenWork], calls: Iterable[OpenWork]) -> Mapping[str, str]:
    """Return by agent who called it into being."""
    began = {work.agent: work.began_ns for work in works}
    return {work.target: work.agent for work in calls if began.get(work.target, 0) >= work.since_ns}


def _goes_back(call: OpenWork, caller: Mapping[str, str]) -> bool:
    """Whether it asks who called its agent into being, or that one's caller and so on."""
    one: str | None = call.agent
    for _ in range(_CALLERS_MAX):
        one = caller.get(one) if one is not None else None
        if one is None or one == call.target:
            return one is not None
    return True


def _together(calls: Iterable[OpenWork]) -> Iterable[Sequence[OpenWork]]:
    groups: defaultdict[tuple[str, str], list[OpenWork]] = defaultdict(list)
    for work in calls:
        groups[work.agent, work.asked_by].append(work)
    return groups.values()
