"""Circles: a shortest way round in each strongly connected component of a directed graph. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Edge = tuple[str, str]


def circles(edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    """Return a shortest circle of each strongly connected component, its first name the least.

    Examples
    --------
    Two call each other; the third is only called.

    >>> circles([("coder", "tester"), ("tester", "coder"), ("tester", "writer")])
    [('coder', 'tester')]
    """
    inside: defaultdict[int, list[Edge]] = defaultdict(list)
    known = sorted({(caller, callee) for caller, callee in edges if caller != callee})
    group_of = _groups(known)
    for caller, callee in known:
        if group_of[caller] == group_of[callee]:
            inside[group_of[caller]].append((caller, callee))
    return sorted(_shortest(group) for group in inside.values())


def _groups(edges: Sequence[Edge]) -> Mapping[str, int]:
    names = sorted({name for edge in edges for name in edge})
    if not names:
        return {}
    number = {name: index for index, name in enumerate(names)}
    rows, columns = np.array([[number[caller], number[callee]] for caller, callee in edges]).T
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (rows, columns)), shape=(len(names), len(names)))
    _, labels = connected_components(graph, directed=True, connection="strong")
    return dict(zip(names, labels.tolist(), strict=True))


def _shortest(edges: Sequence[Edge]) -> tuple[str, ...]:
    leaving: defaultdict[str, list[str]] = defaultdict(list)
    for caller, callee in edges:
        leaving[caller].append(callee)
    found = (_back_to(begin, leaving) for begin in sorted(leaving))
    return _least_first(min(found, key=lambda circle: (len(circle), sorted(circle))))


def _back_to(begin: str, leaving: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    came_from: dict[str, str] = {}
    waiting = deque([begin])
    while begin not in came_from:
        name = waiting.popleft()
        for callee in leaving[name]:
            if callee not in came_from:
                came_from[callee] = name
                waiting.append(callee)
    back = [begin]
    while (before := came_from[back[-1]]) != begin:
        back.append(before)
    return (begin, *reversed(back[1:]))


def _least_first(circle: tuple[str, ...]) -> tuple[str, ...]:
    first = circle.index(min(circle))
    return circle[first:] + circle[:first]
