"""Merging of sparse buckets: how many hours a series needs to say something. Pure."""

import numpy as np
from numpy.typing import NDArray

# drift.md 2.3.7, which has 25: bets are fair at any count, what needs some is the fit of the noise
FACTORS = (1, 2, 3, 4, 6, 8, 12, 24)
SPANS_MIN = 20.0


def merge_factor(n: NDArray[np.number], spans_min: float = SPANS_MIN) -> int:
    """Return how many buckets of a reference become one, so that it holds enough spans on average.

    Examples
    --------
    >>> merge_factor(np.full(48, 10.0))
    2
    """
    mean = float(np.mean(n))
    return next((factor for factor in FACTORS if mean * factor >= spans_min), FACTORS[-1])


def merged(counts: NDArray[np.number], factor: int) -> NDArray[np.float64]:
    """Return the counts of `factor` buckets at a time; buckets that do not fill one wait for the next.

    Parameters
    ----------
    counts : shape (buckets, ...)
    """
    whole = len(counts) // factor
    shape = (whole, factor, *counts.shape[1:])
    return np.asarray(counts[: whole * factor].reshape(shape).sum(1, dtype=np.float64))
