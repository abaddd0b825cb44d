"""Bins of numeric values: a fixed grid that every hour and every series shares, so counts add up. Pure.

Values of one sign are counted in bins a factor of `RATIO` apart; zero has a bin of its own, and
negative values mirror the positive ones. Bin numbers sort as the values do. Exact counts in fixed
bins are mergeable and give the same answer each time, which randomised quantile sketches do not
(whylogs#684). A quantile read from them is at most 1 % off.
"""

import numpy as np
from numpy.typing import NDArray

# drift.md 2.2: KS distance error of .0005 at n = 1e5, quantile error of 1 %
RATIO = 1.02
# What is closer to zero counts as zero: a microsecond, a millionth of a dollar.
VALUE_MIN = 1e-6
BIN_MAX = 2_500

_LOG_RATIO = np.log(RATIO)


def bins_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin of each value; infinities count in the last bin of their sign, NaN as zero.

    In SQL: ``sign(v) * least(2500, 1 + floor(log(abs(v) / 1e-6) / log(1.02)))``, and 0 below 1e-6.

    Examples
    --------
    >>> bins_of(np.array([-2.0, 0.0, 1e-6, 2.0])).tolist()
    [-733, 0, 1, 733]
    """
    size = np.minimum(np.abs(np.nan_to_num(values, nan=0.0)), VALUE_MIN * RATIO**BIN_MAX)
    some = size >= VALUE_MIN
    ratio = np.where(some, size / VALUE_MIN, 1.0)
    number = np.minimum(1 + np.floor(np.log(ratio) / _LOG_RATIO), BIN_MAX)
    return np.where(some, np.sign(values) * number, 0).astype(np.int64)


def values_at(bins: NDArray[np.int64], fraction: NDArray[np.float64] | float = 0.5) -> NDArray[np.float64]:
    """Return the value that lies a fraction of the way through each bin, from lower to upper edge.

    Examples
    --------
    >>> values_at(np.array([-733, 0, 733])).round(2).tolist()
    [-1.99, 0.0, 1.99]
    """
    number = np.abs(bins)
    through = np.where(bins > 0, fraction, 1 - np.asarray(fraction))
    return np.asarray(np.sign(bins) * VALUE_MIN * np.exp(_LOG_RATIO * (number - 1 + through)))
