"""Course: a series by the hour beside what was usual at that hour of the day, from its counts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import values_at
from analytics.drift.hours import HOUR_CLASSES, hour_class
from analytics.series.counts import HOUR_S, Counts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Nine in ten of the medians of a reference lie between these.
_BAND = (0.05, 0.95)
_COLUMNS = 40
_TAIL = 0.002
CATEGORIES_SHOWN = 8
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted of a series in its hours.

    Parameters
    ----------
    hours : shape (hours,)
        Beginnings, in seconds since the epoch, ascending.
    items : shape (items,)
        Bins, or numbers of categories.
    calls : shape (hours, items)
    """

    hours: Ints
    items: Ints
    calls: Floats


def seen(counted: Counts | None, start_s: int, end_s: int) -> Seen:
    """Return the counts of every hour in [start, end), also of those in which nothing was counted."""
    hours = np.arange(-(-start_s // HOUR_S) * HOUR_S, end_s, HOUR_S, dtype=np.int64)
    if counted is None:
        return Seen(hours, np.zeros(0, np.int64), np.zeros((len(hours), 0)))
    return Seen(hours, *counted.matrix(hours))


def classes(hours: Ints) -> Ints:
    """Return which hour of the day each is, weekends apart.

    Examples
    --------
    1970 began on a Thursday.

    >>> classes(np.array([0, 23, 48, 71]) * 3600).tolist()
    [0, 23, 24, 47]
    """
    return hour_class(hours // HOUR_S)


def quantile(of: Seen, level: float) -> Floats:
    """Return a quantile of every row of counts of bins, NaN where there are none."""
    if not len(of.items):
        return np.full(len(of.calls), np.nan)
    upto = np.cumsum(of.calls, axis=1)
    target = level * upto[:, -1]
    place = np.minimum((upto < target[:, None]).sum(1), len(of.items) - 1)
    rows = np.arange(len(of.calls))
    inside = (target - upto[rows, place] + of.calls[rows, place]) / np.maximum(of.calls[rows, place], 1e-12)
    values = values_at(of.items[place], np.clip(inside, 0, 1))
    return np.where(upto[:, -1] > 0, values, np.nan)


def shares(of: Seen) -> Floats:
    """Return the share of each item in every hour, NaN where nothing was counted."""
    total = of.calls.sum(1, keepdims=True)
    return np.asarray(np.divide(of.calls, total, out=np.full(of.calls.shape, np.nan), where=total > 0))


def by_class(reference: Seen) -> Seen:
    """Return what was counted in each hour of the day, weekends apart."""
    pooled = np.zeros((HOUR_CLASSES, len(reference.items)))
    np.add.at(pooled, classes(reference.hours), reference.calls)
    return Seen(np.arange(HOUR_CLASSES, dtype=np.int64) * HOUR_S, reference.items, pooled)


def band(reference: Seen) -> tuple[Floats, Floats]:
    """Return between what nine in ten of the medians of each hour of the day lay."""
    medians, place = quantile(reference, 0.5), classes(reference.hours)
    low, high = np.full((2, HOUR_CLASSES), np.nan)
    for each in np.unique(place[~np.isnan(medians)]):
        some = medians[(place == each) & ~np.isnan(medians)]
        low[each], high[each] = np.quantile(some, _BAND)
    return low, high


def merged_rest(of: Seen, names: Mapping[int, str], kept: list[str]) -> tuple[list[str], Seen]:
    """Return categories by their names, those that are not kept as one."""
    words = [names.get(int(item), "") for item in of.items]
    columns = [*(word for word in kept if word != _OTHER), _OTHER]
    place = np.array([columns.index(word) if word in columns else len(columns) - 1 for word in words], int)
    calls = np.zeros((len(of.hours), len(columns)))
    np.add.at(calls.T, place, of.calls.T)
    return columns, Seen(of.hours, np.arange(len(columns)), calls)


def commonest(of: Seen, names: Mapping[int, str], moved: list[str]) -> list[str]:
    """Return the categories to show: those that moved, then the commonest."""
    order = np.argsort(-of.calls.sum(0))
    common = [names.get(int(of.items[place]), "") for place in order]
    return list(dict.fromkeys(word for word in [*moved, *common] if word))[:CATEGORIES_SHOWN]


def value_columns(items: Ints, before: Floats, after: Floats) -> list[tuple[float, float, float, float]]:
    """Return which share of values lay between some limits, before and after; tails are in the outer columns.

    Parameters
    ----------
    items : shape (items,)
        Bins, ascending.
    before, after : shape (items,)
        Shares.
    """
    both = np.cumsum(before + after) / 2
    first, last = (int(items[np.searchsorted(both, level)]) for level in (_TAIL, 1 - _TAIL))
    width = max(1, -(-(last + 1 - first) // _COLUMNS))
    column = np.clip((items - first) // width, 0, (last - first) // width)
    number = int(column.max()) + 1
    sums = [np.bincount(column, weights=each, minlength=number) for each in (before, after)]
    lower = first + width * np.arange(number)
    low, high = values_at(lower, 0.0), values_at(lower + width - 1, 1.0)
    return [tuple(map(float, row)) for row in zip(low, high, *sums, strict=True)]  # type: ignore[misc]


def at_hours_of(reference: Seen, window: Seen) -> Floats:
    """Return the shares of the reference's items, had it the window's traffic over the hours of the day."""
    usual = by_class(reference).calls
    have, now = usual.sum(1), np.bincount(classes(window.hours), window.calls.sum(1), minlength=HOUR_CLASSES)
    weight = np.divide(now, have, out=np.zeros(HOUR_CLASSES), where=have > 0)
    found = weight @ usual if (weight @ have) > 0 else usual.sum(0)
    return np.asarray(found / max(float(found.sum()), 1e-12))
