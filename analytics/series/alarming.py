"""Alarming: which series begin to drift by a look, and which are as before. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.series.counts import Place
from analytics.series.looked import Looked
from analytics.series.policy import FALSE_VERDICTS
from analytics.series.records import Alarm

Floats = NDArray[np.float32]

# What the winning bet lost since its best is the evidence that its change is undone (a CUSUM of the
# likelihood ratio the other way round): a hundred to one. Bets on lesser changes lost too: none is left.
UNDONE = float(np.log(100))
LOST = 1.0


class Judged(NamedTuple):
    """What a look said of a series, and what it would take to alarm."""

    looked: Looked
    threshold: float

    def anew(self) -> "Judged":
        """Return it without what is known so far."""
        return self._replace(looked=self.looked._replace(state=b""))

    @property
    def drifts(self) -> bool:
        """Whether that is an alarm."""
        return self.looked.evidence >= self.threshold


def since_change_threshold(series: int) -> float:
    """Return the evidence it takes since a known change, as a logarithm, were so many series compared since.

    A verdict on the change is false once in a hundred changes at most (Ville; Bonferroni over the series).

    Examples
    --------
    >>> round(since_change_threshold(1), 1), round(since_change_threshold(20), 1)
    (4.6, 7.6)
    """
    return float(np.log(max(series, 1) / FALSE_VERDICTS))


def beginning(judged: Iterable[Judged], told: Collection[Place]) -> list[Judged]:
    """Return of each series that begins to drift what says so: since a known change, where that does."""
    found: dict[Place, Judged] = {}
    for one in judged:
        place = one.looked.place
        if one.drifts and place not in told and (place not in found or one.looked.change):
            found[place] = one
    return list(found.values())


def of_alarms(judged: Iterable[Judged], alarms: Mapping[Place, Alarm]) -> Mapping[Place, Judged]:
    """Return what a look said of series with an open alarm.

    What was told since a known change is judged since that, for as long as it is compared.
    """
    found: dict[Place, Judged] = {}
    for one in judged:
        place = one.looked.place
        if place in alarms and (one.looked.change == alarms[place].change or place not in found):
            found[place] = one
    return found


def is_undone(bets: Floats, best: Floats, bet: int) -> bool:
    """Return whether a series is as before again.

    Parameters
    ----------
    bets, best : shape (..., sizes)
        Evidence of every bet, now and at its best since the alarm.
    bet
        The one that told it, flat.
    """
    sizes = bets.shape[-1]
    lost = (best - bets).reshape(-1, sizes)
    score, size = divmod(bet, sizes)
    return score < len(lost) and bool(lost[score, size] >= UNDONE and lost[score].min() >= LOST)
