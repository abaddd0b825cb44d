"""Two windows hour by hour: what each has that the other has too. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.effect import Shift, quantile_shift, share_shift
from analytics.drift.hours import hour_class
from analytics.drift.scores import Scores, category_scores, numeric_scores

Floats = NDArray[np.float64]

# Hours of the day with calls that the noise takes to be told from a difference, and calls.
HOURS_MIN, CALLS_MIN = 12, 50


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of one window.

    Parameters
    ----------
    hours : shape (hours,)
        Since the epoch, without a gap.
    counts : shape (hours, items)
    """

    hours: Floats
    counts: Floats


@dataclass(frozen=True, slots=True)
class Matched:
    """A series in two windows; hours that the other window has none like count as empty.

    Parameters
    ----------
    items : shape (items,)
        Bins of a number, ascending, or numbers of categories.
    names : length items
        Of categories; empty for a number.
    """

    items: NDArray[np.int64]
    names: Sequence[str]
    first: Counted
    second: Counted

    @property
    def calls(self) -> tuple[int, int]:
        """How many calls each window has."""
        return int(self.first.counts.sum()), int(self.second.counts.sum())

    def scores(self) -> Scores:
        """Return the scores of both windows' counts, added up."""
        counts = self.first.counts.sum(0) + self.second.counts.sum(0)
        if self.names:
            return category_scores(self.items, counts, self.names)
        some = np.flatnonzero(counts)
        return numeric_scores(self.items[some], counts[some])

    def shift(self) -> Shift:
        """Return how much the second window differs, in the metric's unit."""
        first, second = (_with_calls(one) for one in (self.first, self.second))
        if self.names:
            return share_shift(first.counts, first.hours, second.counts, second.hours)
        return quantile_shift(self.items, first.counts, first.hours, second.counts, second.hours)

    def wanting(self) -> str | None:
        """Return what is missing for a comparison, None where nothing is."""
        for name, one in (("first", self.first), ("second", self.second)):
            calls = int(one.counts.sum())
            hours = len(np.unique(one.hours[one.counts.sum(1) > 0] % 24))
            if calls < CALLS_MIN:
                return f"{calls} calls in the {name} window at hours that both have: {CALLS_MIN} are needed"
            if hours < HOURS_MIN:
                return f"calls in {hours} hours of the day that both windows have: {HOURS_MIN} are needed"
        return None


def matched(items: NDArray[np.int64], names: Sequence[str], first: Counted, second: Counted) -> Matched:
    """Return both windows without what only one of them has: hours of the day, weekends or other days."""
    seen = [np.bincount(hour_class(one.hours), one.counts.sum(1), 48) > 0 for one in (first, second)]
    both = seen[0] & seen[1]
    return Matched(items, names, _only(first, both), _only(second, both))


def _only(one: Counted, classes: NDArray[np.bool_]) -> Counted:
    return Counted(one.hours, one.counts * classes[hour_class(one.hours)][:, None])


def _with_calls(one: Counted) -> Counted:
    some = one.counts.sum(1) > 0
    return Counted(one.hours[some], one.counts[some])
