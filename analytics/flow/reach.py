"""Reach: whom something in a trace got to, and on which way. Pure."""

from collections import defaultdict, deque
from collections.abc import Sequence

from analytics.flow.flow import Flow


def reach(flows: Sequence[Flow], seed: str) -> list[Flow]:
    """Return a way from the seed to each span that took in what came of it, the shortest, nearest first.

    Parameters
    ----------
    seed
        Id of the span in which it began.

    Examples
    --------
    >>> a, b, c = (Flow(*pair, "value", 1.0, ()) for pair in (("1", "2"), ("2", "3"), ("9", "3")))
    >>> [(flow.source, flow.target) for flow in reach([a, b, c], "1")]
    [('1', '2'), ('2', '3')]
    """
    onwards: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        onwards[flow.source].append(flow)
    reached, ways, todo = {seed}, [], deque([seed])
    while todo:
        for flow in onwards[todo.popleft()]:
            if flow.target not in reached:
                reached.add(flow.target)
                ways.append(flow)
                todo.append(flow.target)
    return ways
