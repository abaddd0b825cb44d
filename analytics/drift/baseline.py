"""Seasonal baseline: which mean of each score is usual at which hour. Pure.

Weighted least squares on the reference's buckets, on daily harmonics and the weekend. All
(series, score) pairs that share their buckets are fitted at once, as columns.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# drift.md 2.3.2
HARMONICS = 2
_MONDAY = 4 * 24  # the epoch began on a Thursday


def design(hours: Floats, *, utc_offset_h: float = 0.0) -> Floats:
    """Return the regressors of each bucket: one, cosines and sines of the day, weekend.

    Parameters
    ----------
    hours : shape (buckets,)
        Middle of each bucket, in hours since the epoch, UTC.
    utc_offset_h
        Of the clock that people and traffic follow.

    Returns
    -------
    shape (buckets, 2 + 2 * HARMONICS)
    """
    local = hours + utc_offset_h
    angle = 2 * np.pi * local / 24
    waves = [wave(k * angle) for k in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    weekend = ((local - _MONDAY) // 24) % 7 >= 5
    return np.stack([np.ones_like(local), *waves, weekend.astype(np.float64)], 1)


def regress(regressors: Floats, means: Floats, weights: Floats) -> Floats:
    """Return the coefficients of a weighted least-squares fit of each column.

    Buckets of a day make the harmonics constant, a reference without a weekend the last regressor:
    a ridge of a billionth leaves such coefficients at nothing.

    Parameters
    ----------
    regressors : shape (buckets, p)
    means, weights : shape (buckets, columns)

    Returns
    -------
    shape (p, columns)
    """
    gram = np.einsum("tp,tc,tq->cpq", regressors, weights, regressors, optimize=True)
    ridge = 1e-9 * weights.sum(0)[:, None, None] * np.eye(regressors.shape[1]) + 1e-300
    right = np.einsum("tp,tc->cp", regressors, weights * means)
    return np.linalg.solve(gram + ridge, right[..., None])[..., 0].T
