"""Waits of one agent for another that nobody reported: concluded from calls without an answer. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.waits.wait import Wait

Node = Callable[[Unfinished, str], str]
"""Names the node of an agent of a trace."""


def inferred_waits(traces: Iterable[Unfinished], now_ns: int, node: Node) -> Iterator[Wait]:
    """Yield the waits of agents for agents of the same trace.

    An agent that is in the middle of several things at once may be working in one of them: of such nothing
    is concluded, and neither of one that waits for a person. What an agent asked for in one breath it waits
    for together.

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
        for (agent, asked_by), works in _together(trace.work).items():
            if agent and runs[agent] == 1:
                targets = tuple(dict.fromkeys(node(trace, work.target) for work in works))
                yield Wait(
                    id=trace.trace_id + asked_by,
                    waiter=node(trace, agent),
                    targets=targets,
                    needed=len(targets),
                    since_ns=min(work.since_ns for work in works),
                    seen_ns=now_ns,
                    inferred=True,
                )


def _together(works: Iterable[OpenWork]) -> dict[tuple[str, str], list[OpenWork]]:
    groups: defaultdict[tuple[str, str], list[OpenWork]] = defaultdict(list)
    for work in works:
        if work.target:
            groups[work.agent, work.asked_by].append(work)
    return groups
