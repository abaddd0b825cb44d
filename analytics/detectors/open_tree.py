"""OpenTree: which open span is below which, in every trace of one look. Pure."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from analytics.detectors.open_row import OpenRow

NONE = -1


class OpenTree:
    """Parents of open spans by index; NONE above a root.

    Ids come from outside: a span may name itself, or one below it, as its parent. Such a link
    is cut, so every walk upwards ends.
    """

    def __init__(self, rows: Sequence[OpenRow]) -> None:
        index = {(row.project, row.trace_id, row.span_id): number for number, row in enumerate(rows)}
        self._parents = [index.get((row.project, row.trace_id, row.parent_span_id), NONE) for row in rows]
        self._adopt(rows)
        self._cut_circles()

    def above(self, number: int) -> Iterator[int]:
        """Yield the ancestors of a span, nearest first."""
        while (number := self._parents[number]) != NONE:
            yield number

    def nearest_below(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return for each ancestor of the given spans one of them that is below it.

        Each link is walked once, however many of the spans share it.
        """
        below: dict[int, int] = {}
        for number in numbers:
            for ancestor in self.above(number):
                if ancestor in below:
                    break
                below[ancestor] = number
        return below

    def _adopt(self, rows: Sequence[OpenRow]) -> None:
        """Hang a span whose parent is not open below the youngest that says it has something open below.

        The parent between them has ended, or was never reported open. Only a span that no open
        one names as its parent takes such a child in.
        """
        parents = set(self._parents)
        holders: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, row in enumerate(rows):
            if row.open_descendants and number not in parents:
                insort(holders[row.project, row.trace_id], (row.opened_ns, number))
        for number, row in enumerate(rows):
            if self._parents[number] == NONE and row.parent_span_id:
                older = holders.get((row.project, row.trace_id), [])
                place = bisect_left(older, (row.opened_ns, number))
                if place:
                    self._parents[number] = older[place - 1][1]

    def _cut_circles(self) -> None:
        done = [False] * len(self._parents)
        for first in range(len(self._parents)):
            path: set[int] = set()
            number = first
            while number != NONE and not done[number]:
                path.add(number)
                parent = self._parents[number]
                if parent in path:
                    self._parents[number] = NONE
                    break
                number = parent
            for walked in path:
                done[walked] = True
