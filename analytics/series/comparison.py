"""Comparison: which series differ between two windows, by how much, and how sure that is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from analytics.drift.bins import values_at
from analytics.drift.effect import LEVELS, Shift
from analytics.drift.matched import Counted, Matched
from analytics.drift.two_windows import Moved, moved
from analytics.series.key import SeriesKey

Floats = NDArray[np.float64]

MEDIAN = 0.5
# Which levels a score speaks of; the others speak of all.
_LEVELS_OF = {
    "location": (0.25, 0.5, 0.75),
    "upper 5 %": (0.95, 0.99),
    "upper 1 %": (0.99,),
    "lower 5 %": (0.05,),
    "lower 1 %": (0.05,),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """When series differ.

    Parameters
    ----------
    discovery_rate
        Share of those said to differ that may be chance.
    margin
        Relative change of a level, or of a category's odds, below which they count as alike.
    """

    discovery_rate: float = 0.05
    margin: float = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """What is larger or smaller: a level, the mean or a category's share, before and after.

    Parameters
    ----------
    relative
        By which part of it before it is larger; of a share, by which part of its odds.
    """

    name: str
    before: float
    after: float
    relative: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A series in two windows.

    Parameters
    ----------
    wanting
        What is missing for a comparison, None where nothing is.
    moved, shift, change
        None where a difference was not likely enough to be measured.
    caveat
        What a comparison of these windows cannot tell; empty where there is nothing.
    tells_alike
        Whether what does not differ is alike; else it is unknown, for the caveat.
    """

    key: SeriesKey
    series: int
    calls: tuple[int, int]
    names: Sequence[str]
    wanting: str | None = None
    p: float = 1.0
    moved: Moved | None = None
    shift: Shift | None = None
    change: Change | None = None
    caveat: str = ""
    tells_alike: bool = True

    def differs(self, discovery_rate: float | None, limits: Limits) -> bool:
        """Return whether that is neither chance nor too little to matter."""
        if discovery_rate is None or self.change is None:
            return False
        return discovery_rate <= limits.discovery_rate and abs(self.change.relative) >= limits.margin

    def missing(self, discovery_rate: float | None, limits: Limits) -> str | None:
        """Return why it is unknown whether they differ, None where it is known.

        What is unknown for its caveat counts among those compared all the same (`discovery_rates`): to leave
        out those that chance explains would make the rest seem surer than they are.
        """
        if self.wanting or self.tells_alike or self.differs(discovery_rate, limits):
            return self.wanting
        return self.caveat


def judged(key: SeriesKey, series: int, matched: Matched, limits: Limits) -> Judged:
    """Return one series; how much it moved is measured where the list could hold it."""
    calls, wanting = matched.calls, matched.wanting()
    if wanting:
        return Judged(key, series, calls, matched.names, wanting)
    found = moved(matched)
    if found is None or found.p > limits.discovery_rate:
        return Judged(key, series, calls, matched.names, p=found.p if found else 1.0)
    shift = matched.shift()
    change = _of_category(matched, shift, found) if matched.names else _of_number(matched, shift, found)
    return Judged(key, series, calls, matched.names, None, found.p, found, shift, change)


def discovery_rates(found: Sequence[Judged]) -> Sequence[float | None]:
    """Return Benjamini and Hochberg's adjusted p-value of each series, None where it was not compared.

    Listing those of at most q, the expected share of chance among them is at most q [1]_. Series of one
    call (its tokens, its cost, its duration) depend on each other positively, for which that holds too.

    References
    ----------
    .. [1] Y. Benjamini, Y. Hochberg. Controlling the false discovery rate. J. R. Stat. Soc. B 57 (1995),
       289-300; under dependence Y. Benjamini, D. Yekutieli, Ann. Stat. 29 (2001), 1165-1188.
    """
    compared = [place for place, one in enumerate(found) if one.wanting is None]
    rates: list[float | None] = [None] * len(found)
    if compared:
        adjusted = false_discovery_control([found[place].p for place in compared])
        for place, rate in zip(compared, adjusted, strict=True):
            rates[place] = float(rate)
    return rates


def _of_number(matched: Matched, shift: Shift, found: Moved) -> Change:
    """Return what moved most of what the score speaks of: the median where it moved half as far."""
    spoken = _LEVELS_OF.get(found.name, tuple(LEVELS))
    pairs = {
        "median" if level == MEDIAN else f"{level:.0%} level": (float(before), float(after))
        for level, before, after in zip(LEVELS, shift.before, shift.after, strict=True)
        if level in spoken
    }
    if found.name == "location":
        # where values are few no level moves when their shares do
        pairs["mean"] = (_mean(matched, matched.first), _mean(matched, matched.second))
    changes = [Change(name, *pair, _relative(*pair)) for name, pair in pairs.items()]
    most = max(changes, key=lambda one: abs(one.relative))
    middle = next((one for one in changes if one.name == "median"), most)
    return middle if abs(middle.relative) >= abs(most.relative) / 2 else most


def _of_category(matched: Matched, shift: Shift, found: Moved) -> Change:
    place = list(matched.names).index(found.name)
    before, after = float(shift.before[place]), float(shift.after[place])
    odds = (share / max(1 - share, 1e-12) for share in (before, after))
    return Change(found.name, before, after, _relative(*odds))


def _mean(matched: Matched, one: Counted) -> float:
    counts = one.counts.sum(0)
    return float(counts @ values_at(matched.items) / counts.sum())


def _relative(before: float, after: float) -> float:
    if before == after:
        return 0.0
    return (after - before) / abs(before) if before else float("inf")
