"""Ring: the cycle of waits that closed first among nodes that can never go on. Pure."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analytics.waits.wait import Wait


class Edge(NamedTuple):
    """`wait` holds its waiter up for this one of its targets."""

    wait: Wait
    target: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Waits each of which is for the waiter of the next, the last for that of the first.

    Parameters
    ----------
    edges
        In order; the one that closed the ring, the newest, is last.
    """

    edges: tuple[Edge, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """The nodes of the ring in order."""
        return tuple(edge.wait.waiter for edge in self.edges)

    @property
    def closed_ns(self) -> int:
        """When its last wait began, in Unix nanoseconds: since then nobody in it can go on."""
        return max(edge.wait.since_ns for edge in self.edges)

    @property
    def held_ns(self) -> int:
        """From when on all of its waits were seen to hold, in Unix nanoseconds."""
        return max(max(edge.wait.since_ns, edge.wait.held_ns) for edge in self.edges)

    @property
    def seen_ns(self) -> int:
        """Until when all of its waits were seen to hold, in Unix nanoseconds."""
        return min(edge.wait.seen_ns for edge in self.edges)

    @property
    def deadline_ns(self) -> int | None:
        """When the first of its waits gives up, in Unix nanoseconds; None if none does."""
        return min((edge.wait.deadline_ns for edge in self.edges if edge.wait.deadline_ns), default=None)

    def is_real(self, skew_ns: int) -> bool:
        """Whether all of its waits held at one instant: every one had begun before one ended.

        A cycle put together from waits that were never open at the same time is a phantom. By this
        rule none of the cycles of `reference/detectors.md` 0.3 is one, where the newest report of
        each agent alone makes up to all of them phantoms.

        Parameters
        ----------
        skew_ns
            By how much times of different waits may be off against each other, in nanoseconds: how
            long reports are under way, or how far clocks are apart.
        """
        return self.held_ns + skew_ns <= self.seen_ns


def first_rings(waits: Sequence[Wait], stuck: frozenset[str]) -> list[Ring]:
    """Return a ring of each group of nodes that hold each other up, the one that closed first.

    A group is a strongly connected component of what is stuck; whoever waits for a group without
    being in it is its victim.

    Examples
    --------
    >>> a, b = Wait("1", "a", ("b",), 1, 5, 9), Wait("2", "b", ("a",), 1, 3, 9)
    >>> victim = Wait("3", "c", ("a",), 1, 0, 9)
    >>> [ring.members for ring in first_rings([a, b, victim], frozenset("abc"))]
    [('b', 'a')]

    Notes
    -----
    O(edges log edges), by a search for the shortest beginning of the edges in order of time that
    has a cycle in it.
    """
    edges = sorted(
        (
            Edge(wait, target)
            for wait in waits
            if wait.waiter in stuck
            for target in wait.targets
            if target in stuck
        ),
        key=lambda edge: (edge.wait.since_ns, edge.wait.id, edge.target),
    )
    group_of = _groups(edges)
    inside: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        if group_of[edge.wait.waiter] == group_of[edge.target]:
            inside[group_of[edge.target]].append(edge)
    rings = [_first_ring(group) for group in inside.values()]
    return sorted(rings, key=lambda ring: (ring.closed_ns, ring.members))


def _first_ring(edges: Sequence[Edge]) -> Ring:
    low, high = 1, len(edges)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _has_cycle(edges[:middle]) else (middle + 1, high)
    closing = edges[low - 1]
    return Ring((*_path(edges[: low - 1], closing.target, closing.wait.waiter), closing))


def _has_cycle(edges: Sequence[Edge]) -> bool:
    group_of = _groups(edges)
    return any(group_of[edge.wait.waiter] == group_of[edge.target] for edge in edges)


def _groups(edges: Sequence[Edge]) -> Mapping[str, int]:
    """Return the number of each node's strongly connected component."""
    names = dict.fromkeys(name for edge in edges for name in (edge.wait.waiter, edge.target))
    if not names:
        return {}
    number = {name: index for index, name in enumerate(names)}
    rows = np.array([number[edge.wait.waiter] for edge in edges])
    columns = np.array([number[edge.target] for edge in edges])
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (rows, columns)), shape=(len(names), len(names)))
    _, labels = connected_components(graph, directed=True, connection="strong")
    return dict(zip(names, labels.tolist(), strict=True))


def _path(edges: Sequence[Edge], begin: str, end: str) -> tuple[Edge, ...]:
    """Return the fewest edges from `begin` to `end`: none where they are the same node."""
    leaving: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        leaving[edge.wait.waiter].append(edge)
    came_by: dict[str, Edge | None] = {begin: None}
    waiting = deque([begin])
    while end not in came_by:
        for edge in leaving[waiting.popleft()]:
            if edge.target not in came_by:
                came_by[edge.target] = edge
                waiting.append(edge.target)
    back = []
    while last := came_by[end]:
        back.append(last)
        end = last.wait.waiter
    return tuple(reversed(back))
