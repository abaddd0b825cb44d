"""Habit: what value of a measure is usual of traces that are alike. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from analytics.baselines.survival import conformal_level

# The fewest traces of which anything is said: the largest of 99 is exceeded once in a hundred times.
TRACES_MIN = 99


@dataclass(frozen=True, slots=True)
class Habit:
    """Quantiles of a measure over n traces that ended well; split-conformal: true of any distribution.

    Parameters
    ----------
    q995, q999
        None where n is too small: it takes 199 and 999 traces.
    """

    n: int
    q50: float
    q99: float
    q995: float | None
    q999: float | None


def habit_of(values: Sequence[float], counts: Sequence[int]) -> Habit | None:
    """Return the habit of values, ascending, that occurred so often; None for fewer than `TRACES_MIN`.

    Examples
    --------
    >>> habit_of([3, 4, 40], [900, 98, 2])
    Habit(n=1000, q50=3, q99=4, q995=4, q999=40)
    >>> habit_of([3], [98]) is None
    True
    """
    n = sum(counts)
    q50, q99 = (_quantile(values, counts, n, alpha) for alpha in (0.5, 0.01))
    if q50 is None or q99 is None:
        return None
    return Habit(n, q50, q99, _quantile(values, counts, n, 0.005), _quantile(values, counts, n, 0.001))


def _quantile(values: Sequence[float], counts: Sequence[int], n: int, alpha: float) -> float | None:
    level = conformal_level(n, alpha) if n else None
    if level is None:
        return None
    rank = math.ceil(round(level * n, 9))
    return next(value for value, until in zip(values, accumulate(counts), strict=True) if until >= rank)
