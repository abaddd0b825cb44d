"""How large a change is, in the metric's own unit, with an interval. Pure.

The window after the change is compared with the reference as it would be had it the window's hours
of the day and the week: a window of a night is not compared with days. The interval is that of a
moving-block bootstrap [1]_: windows of the same hours are drawn from the reference, a day's hours at
a time, so that what neighbouring hours share stays in them. A window of a few hours holds too few
blocks of its own to be drawn from.

References
----------
.. [1] H. R. Kuensch. The jackknife and the bootstrap for general stationary observations.
   Ann. Stat. 17 (1989), 1217-1241.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from analytics.drift.bins import values_at
from analytics.drift.hours import HOUR_CLASSES, hour_class, is_weekend

Floats = NDArray[np.float64]

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
_DRAWS = 400
_CONFIDENCE = 0.9
_DAY_H = 24
# Of fewer days than this shorter blocks are drawn: a day alone would always be drawn again.
_DAYS_MIN, _SHORT_H = 3, 4
# Nothing varies between fewer windows that are alike: others are drawn then.
_MOVES_MIN = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """What changed between reference and window, for each level or category.

    Parameters
    ----------
    before, after : shape (n,)
        Quantiles in the metric's unit, or shares.
    low, high : shape (n,)
        90 % interval of `after - before`.
    greater : float
        Probability that a value of the window exceeds one of the reference, ties halved; NaN for
        categories.
    """

    before: Floats
    after: Floats
    low: Floats
    high: Floats
    greater: float


def quantile_shift(
    bins: NDArray[np.int64], reference: Floats, reference_h: Floats, window: Floats, window_h: Floats
) -> Shift:
    """Return the shift function of a numeric metric at `LEVELS`.

    Parameters
    ----------
    bins : shape (n,)
        Ascending.
    reference, window : shape (hours, n)
        Counts of each hour; something in both.
    reference_h, window_h : shape (hours,)
        Hours since the epoch.
    """
    before, drawn_before, drawn = _drawn(reference, reference_h, window, window_h)
    after = window.sum(0)
    quantile = _quantiles(bins, np.stack([before, after]))
    noise = _noise(_quantiles(bins, drawn_before), _quantiles(bins, drawn), *quantile)
    low, high = _bounds(noise, reference_h)
    difference = quantile[1] - quantile[0]
    return Shift(quantile[0], quantile[1], difference - high, difference - low, _greater(before, after))


def share_shift(reference: Floats, reference_h: Floats, window: Floats, window_h: Floats) -> Shift:
    """Return the change of each category's share. Parameters as for `quantile_shift`."""
    before, drawn_before, drawn = (
        one / one.sum(-1, keepdims=True) for one in _drawn(reference, reference_h, window, window_h)
    )
    after = window.sum(0) / window.sum()
    # a share's noise grows with it, as a count's does
    grown = np.sqrt((after * (1 - after) + 1e-12) / (before * (1 - before) + 1e-12))
    noise = (drawn - drawn_before) * np.minimum(np.maximum(grown, 1), 10)
    low, high = _bounds(noise, reference_h)
    return Shift(before, after, after - before - high, after - before - low, float("nan"))


def _bounds(noise: Floats, reference_h: Floats) -> Floats:
    """Return the bounds of the noise, wider by what drawing from so few blocks misses: Student's factor."""
    blocks = max(len(np.unique(reference_h // _block_h(reference_h))) * 5 / 7, 2)
    upper = (1 + _CONFIDENCE) / 2
    factor = np.sqrt(blocks / (blocks - 1)) * t.ppf(upper, blocks - 1) / norm.ppf(upper)
    return np.asarray(factor * np.quantile(noise, [1 - upper, upper], axis=0))


def _drawn(
    reference: Floats, reference_h: Floats, window: Floats, window_h: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the reference at the window's hours, draws of it, and draws of windows from it."""
    usual = at_hours(reference.sum(1), reference_h, window.sum(1), window_h)
    rng = np.random.default_rng(0)
    weights = _blocks(rng, reference_h, _block_h(reference_h)) * usual
    windows = _windows(rng, reference_h, window_h)
    return usual @ reference, weights @ reference + 1e-9 * (usual @ reference), windows @ reference


def _block_h(reference_h: Floats) -> int:
    return _DAY_H if len(np.unique(reference_h // _DAY_H)) >= _DAYS_MIN else _SHORT_H


def _blocks(rng: np.random.Generator, hours: Floats, block_h: int, some: int = 0) -> Floats:
    """Return how often each hour is drawn, as many blocks as there are or `some`; shape (draws, hours)."""
    _, block = np.unique(hours // block_h, return_inverse=True)
    blocks = int(block.max()) + 1
    drawn = rng.multinomial(some or blocks, np.full(blocks, 1 / blocks), size=_DRAWS)
    return np.asarray(drawn[:, block], np.float64)


def at_hours(n: Floats, hours: Floats, window_n: Floats, window_h: Floats) -> Floats:
    """Return weights that give the reference the window's traffic over hours of the day and weekends."""
    usual, now = hour_class(hours), hour_class(window_h)
    have = np.bincount(usual, weights=n, minlength=HOUR_CLASSES)
    want = np.bincount(now, weights=window_n, minlength=HOUR_CLASSES)
    factor = np.divide(want, have, out=np.zeros(HOUR_CLASSES), where=have > 0)
    return factor[usual] if (factor[usual] @ n) > 0 else np.ones(len(n))


def _windows(rng: np.random.Generator, reference_h: Floats, window_h: Floats) -> Floats:
    """Return which hours of the reference each drawn window has, shape (draws, hours)."""
    if _block_h(reference_h) < _DAY_H:
        return _blocks(rng, reference_h, _SHORT_H, max(round(len(window_h) / _SHORT_H), 1))
    drawn = np.zeros((_DRAWS, len(reference_h)))
    hours = np.floor(window_h)
    for day in np.unique(hours // _DAY_H):
        places = _alike(hours[hours // _DAY_H == day], np.floor(reference_h))
        if len(places) >= _MOVES_MIN:
            drawn[np.arange(_DRAWS)[:, None], places[rng.integers(len(places), size=_DRAWS)]] += 1
    if not drawn.any():
        drawn += rng.multinomial(len(hours), np.full(len(reference_h), 1 / len(reference_h)), _DRAWS)
    return drawn


def _alike(block: Floats, hours: Floats) -> NDArray[np.int64]:
    """Return where in the reference the block can be moved: by days, if possible of its kind.

    Parameters
    ----------
    block : shape (n,)
        Hours of one day.
    hours : shape (hours,)
        Of the reference, ascending.

    Returns
    -------
    shape (moves, n)
    """
    shifts = np.arange(-400, 1) * float(_DAY_H)
    same = is_weekend(block[0] + shifts) == is_weekend(block[0])
    moved = block + shifts[:, None]
    place = np.minimum(np.searchsorted(hours, moved), len(hours) - 1)
    whole = (hours[place] == moved).all(1)
    return np.asarray(place[whole & same] if (whole & same).sum() >= _MOVES_MIN else place[whole])


def _quantiles(bins: NDArray[np.int64], weights: Floats) -> Floats:
    """Return quantiles at `LEVELS` of every row, interpolated inside the bins."""
    found = np.empty((len(weights), len(LEVELS)))
    for row, weight in enumerate(weights):
        upto = np.cumsum(weight)
        target = LEVELS * upto[-1]
        place = np.minimum(np.searchsorted(upto, target), len(bins) - 1)
        inside = (target - upto[place] + weight[place]) / np.maximum(weight[place], 1e-12)
        found[row] = values_at(bins[place], np.clip(inside, 0, 1))
    return found


def _noise(drawn_before: Floats, drawn: Floats, before: Floats, after: Floats) -> Floats:
    """Return the drawn differences, at the scale of the window: a doubled latency's noise is doubled too."""
    scale = np.where((before > 0) & (after > 0), after / np.where(before > 0, before, 1), 1.0)
    return np.asarray((drawn - before) * scale - (drawn_before - before))


def _greater(before: Floats, after: Floats) -> float:
    first, second = before / before.sum(), after / after.sum()
    return float(second @ (np.cumsum(first) - first / 2))
