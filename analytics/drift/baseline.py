"""Seasonal baseline: which mean of each score is usual at which hour. Pure.

Weighted least squares on the reference's buckets, on daily harmonics and the weekend. What is left of the
hours of the day, as of a tool that is used from nine to five, is an effect of each hour, of weekdays and
of weekends. All (series, score) pairs that share their buckets are fitted at once, as columns.

References
----------
.. [1] W. James, C. Stein. Estimation with quadratic loss. Proc. 4th Berkeley Symp. 1 (1961), 361-379.
.. [2] R. DerSimonian, N. Laird. Meta-analysis in clinical trials. Control. Clin. Trials 7 (1986), 177-188.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.hours import HOUR_CLASSES, hour_class, is_weekend

Floats = NDArray[np.float64]

# drift.md 2.3.2
HARMONICS = 2
SMOOTH = 2 + 2 * HARMONICS
PARAMETERS = SMOOTH + HOUR_CLASSES
# An effect of the hour is believed beyond what twice as much noise would show.
_BELIEVED = 2.0


class Baseline(NamedTuple):
    """A fitted baseline.

    Parameters
    ----------
    beta : shape (p + q, columns)
        Coefficients of the regressors, and of the hours of the day.
    fitted : shape (buckets, columns)
    freedom : shape (columns,)
        How many parameters it took, shrunken ones in part.
    """

    beta: Floats
    fitted: Floats
    freedom: Floats


def baseline_at(hours: Floats, beta: Floats) -> Floats:
    """Return what is usual at some hours, shape (buckets, columns).

    Parameters
    ----------
    hours : shape (buckets,)
        Middle of each bucket, in hours since the epoch, UTC.
    beta : shape (PARAMETERS, columns)
        Of `smooth`, then of each of `classes`.
    """
    return np.asarray(smooth(hours) @ beta[:SMOOTH] + beta[SMOOTH:][hour_class(hours)])


def smooth(hours: Floats) -> Floats:
    """Return one, cosines and sines of the day, and the weekend, shape (buckets, SMOOTH)."""
    angle = 2 * np.pi * hours / 24
    waves = [wave(k * angle) for k in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    return np.stack([np.ones_like(hours), *waves, is_weekend(hours).astype(np.float64)], 1)


def classes(hours: Floats) -> Floats:
    """Return of which hour of weekdays, or of weekends, each bucket is, shape (buckets, HOUR_CLASSES)."""
    return np.asarray(np.eye(HOUR_CLASSES)[hour_class(hours)])


def fit_baseline(regressors: Floats, hours_of_day: Floats, means: Floats, weights: Floats) -> Baseline:
    """Return the baseline of each column.

    Parameters
    ----------
    regressors : shape (buckets, p)
        `smooth`, and others.
    hours_of_day : shape (buckets, q)
        `classes`, or none of them.
    means, weights : shape (buckets, columns)
        Weights are one over the variance of a bucket's mean.
    """
    waves, parameters = regress(regressors, means, weights), regressors.shape[1]
    smoothed = regressors @ waves
    effects, believed = _effects(hours_of_day, means - smoothed, weights, parameters)
    fitted = smoothed + hours_of_day @ effects
    return Baseline(np.vstack([waves, effects]), fitted, parameters + believed.sum(0))


def _effects(of: Floats, left: Floats, weights: Floats, parameters: int) -> tuple[Floats, Floats]:
    """Return the effect of each hour's class, and how much each is believed, from 0 to 1.

    Their variance is DerSimonian and Laird's estimate [2]_, but above twice of what noise alone would show,
    as the positive part of James and Stein's [1]_: of a series that has none, none is told.
    """
    precision = of.T @ weights
    mean = of.T @ (weights * left) / np.maximum(precision, 1e-300)
    some = (precision > 0).sum(0)
    noise = _BELIEVED * np.maximum(some - parameters, 0)
    total = np.maximum(precision.sum(0), 1e-300)
    scale = np.maximum(total - (precision**2).sum(0) / total, 1e-300)
    variance = np.maximum((mean**2 * precision).sum(0) - noise, 0) / scale
    variance *= some > parameters
    believed = variance * precision / (1 + variance * precision)
    return mean * believed, believed


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
