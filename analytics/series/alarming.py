"""Alarming: which series begin to drift by a look, and which are as before. Pure."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np

from analytics.series.counts import Place
from analytics.series.group import Looked
from analytics.series.policy import FALSE_VERDICTS

# Below half of what it took to alarm a series is as before.
OVER_SHARE = 0.5


class Judged(NamedTuple):
    """What a look said of a series, and what it would take to alarm."""

    looked: Looked
    threshold: float

    @property
    def says(self) -> Literal["drift", "as before", "neither"]:
        """What follows from it."""
        if self.looked.evidence >= self.threshold:
            return "drift"
        return "as before" if self.looked.evidence < OVER_SHARE * self.threshold else "neither"


def since_change_threshold(series: int) -> float:
    """Return the evidence it takes since a known change, as a logarithm, were so many series compared since.

    A verdict on the change is false once in a hundred changes at most (Ville; Bonferroni over the series).

    Examples
    --------
    >>> round(since_change_threshold(1), 1), round(since_change_threshold(20), 1)
    (4.6, 7.6)
    """
    return float(np.log(max(series, 1) / FALSE_VERDICTS))


def beginning(judged: Iterable[Judged], is_open: Mapping[Place, object]) -> list[Judged]:
    """Return of each series that begins to drift what says so: since a known change, where that does."""
    found: dict[Place, Judged] = {}
    for one in judged:
        place = one.looked.place
        if one.says == "drift" and place not in is_open and (place not in found or one.looked.change):
            found[place] = one
    return list(found.values())


def ending(judged: Iterable[Judged], changes: Mapping[Place, str]) -> list[Place]:
    """Return the open alarms' series that are as before, by all that a look says of them.

    Parameters
    ----------
    changes
        Of the open alarms, since which known change they are; '' for none.
    """
    says: dict[Place, set[str]] = {}
    for one in judged:
        place = one.looked.place
        if place in changes and one.looked.change in ("", changes[place]):
            says.setdefault(place, set()).add(one.says)
    return [place for place, words in says.items() if words == {"as before"}]
