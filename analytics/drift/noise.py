"""Noise: by how much buckets of a healthy series scatter more than independent spans would. Pure.

Two sources are kept apart, for they grow differently with the number of spans: clusters (spans of
one trace are alike) multiply the variance of every mean by `dispersion`, a level that wanders from
bucket to bucket adds `wander` to it, however many spans there are. The wander is correlated in time
(`correlation`). What wanders of a share is its log-odds, as of whatever is between nothing and all: by the
hour at which a share is usually highest it moves furthest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.baseline import Baseline, fit_baseline
from analytics.drift.correlation import autocorrelations, map_phi
from analytics.drift.tilt import binomial_variance

Floats = NDArray[np.float64]

_ROUNDS = 5
# bench/drift: .5 and 1 alarm alike while healthy, and .5 finds low counts a quarter sooner
_WANDER_SE = 0.5


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of columns, each of which is one score of one series.

    Parameters
    ----------
    beta : shape (p, columns)
        Coefficients of the seasonal baseline.
    dispersion : shape (columns,)
        At least 1: variance of a mean beside that of as many independent spans.
    wander : shape (columns,)
        Variance of the level between buckets, half a standard error above its estimate: in squared
        units of the score, of an indicator of its log-odds.
    run : shape (columns,)
        At least 1: long-run variance of the wander beside its variance, (1 + phi) / (1 - phi).
    lag : shape (columns,)
        At least 1: what correlation of neighbours is left that `run` does not explain.
    se : shape (columns,)
        Standard error of the baseline, in units of the score.
    wander_share : shape (columns,)
    correlations : shape (lags, columns)
        Of the residuals, for `pooled_phi`.
    """

    beta: Floats
    dispersion: Floats
    wander: Floats
    run: Floats
    lag: Floats
    se: Floats
    wander_share: Floats
    correlations: Floats


def fit_noise(
    regressors: Floats,
    hours_of_day: Floats,
    sums: Floats,
    n: Floats,
    variance: Floats,
    share: Floats,
    *,
    bucket_h: float,
    phi_prior: float,
    alike: int = 1,
) -> Noise:
    """Return baseline and noise of the reference's buckets.

    Parameters
    ----------
    regressors, hours_of_day : shapes (buckets, p), (buckets, q)
        Of the baseline, as in `fit_baseline`.
    sums : shape (buckets, columns)
        Sums of the scores.
    n : shape (buckets, columns)
        Spans.
    variance : shape (columns,)
        Variance of the score of one span.
    share : shape (columns,)
        Mean of an indicator, whose log-odds wander; NaN of a score that wanders by as much at every hour.
    bucket_h
        Length of a bucket in hours.
    phi_prior
        Correlation of the wander over an hour that is expected before looking.
    alike
        Of so many neighbouring columns the wanders last alike.
    """
    some, spans = n > 0, np.maximum(n, 1)
    means = np.where(some, sums / spans, 0.0)
    baseline = partial(fit_baseline, regressors, hours_of_day)
    level = _fit_level(baseline, means, variance / spans, n, share)
    spread = level.sampling + level.wander * level.moves
    residuals = np.where(some, (means - level.fitted) / np.sqrt(spread), 0.0)
    wander_share = np.where(some, level.wander * level.moves / spread, 0).sum(0) / np.maximum(some.sum(0), 1)
    correlations = autocorrelations(residuals, bucket_h)
    phi = map_phi(correlations, wander_share, len(n), bucket_h, phi_prior, alike) ** bucket_h
    run = (1 + phi) / (1 - phi)
    first = np.clip(correlations[0] - 2 / np.sqrt(len(n)), 0, 0.97)
    lag = np.maximum(1, (1 + first) / (1 - first) / (1 - wander_share + wander_share * run))
    clustered, wandering = (
        level.dispersion * level.sampling,
        level.sampling + level.wander * level.moves * run,
    )
    inflated = np.maximum(clustered, wandering) * lag
    se = np.sqrt((level.weights**2 * inflated).sum(0)) / np.maximum(level.weights.sum(0), 1e-300)
    return Noise(level.beta, level.dispersion, level.wander, run, lag, se, wander_share, correlations)


class _Level(NamedTuple):
    """The baseline, its buckets' weights, and what variance they have: of sampling, and by a wander."""

    beta: Floats
    fitted: Floats
    weights: Floats
    sampling: Floats
    moves: Floats
    dispersion: Floats
    wander: Floats


def _fit_level(
    baseline: Callable[[Floats, Floats], Baseline],
    means: Floats,
    independent: Floats,
    n: Floats,
    share: Floats,
) -> _Level:
    """Return the level of each column: the baseline and its noise say of each other how sure they are.

    Buckets are weighted as if a share were the same at all hours. By its own variance an hour at which it is
    next to nothing would say more than all others about a wander, and what it says is the baseline's misfit.
    """
    some, buckets = n > 0, np.maximum((n > 0).sum(0), 1)
    wander, dispersion = np.zeros(n.shape[1]), np.ones(n.shape[1])
    usual = swing(np.zeros((1, n.shape[1])), share)[0]
    for _ in range(_ROUNDS):
        weights = np.where(some, 1 / np.maximum(dispersion * independent, independent + wander * usual), 0.0)
        beta, fitted, parameters = baseline(means, weights)
        sampling = np.where(np.isfinite(share), _of_indicator(fitted, share) / np.maximum(n, 1), independent)
        moves = swing(fitted, share)
        usual = np.where(some, moves, 0).sum(0) / buckets
        squares = (means - fitted) ** 2 * buckets / np.maximum(buckets - parameters, 1)
        seen, expected = (np.where(some, one / independent, 0).sum(0) for one in (squares, sampling))
        dispersion = np.maximum(1, seen / np.maximum(expected, 1e-300))
        precision = np.maximum((weights**2 * moves).sum(0), 1e-300)
        wander = np.maximum(0, (weights**2 * (squares - sampling)).sum(0) / precision)
    error = np.sqrt(2 * ((weights**2 * (sampling + wander * moves)) ** 2).sum(0)) / precision
    return _Level(beta, fitted, weights, sampling, moves, dispersion, wander + _WANDER_SE * error)


def swing(fitted: Floats, share: Floats) -> Floats:
    """Return by what to multiply the variance of a wander for that of each bucket's level.

    A share q moves by q (1 - q) of what its log-odds wander; what is no share, by the wander itself.

    Parameters
    ----------
    fitted : shape (buckets, columns)
        The baseline.
    share : shape (columns,)
        As in `fit_noise`.
    """
    return np.where(np.isfinite(share), _of_indicator(fitted, share) ** 2, 1.0)


def _of_indicator(fitted: Floats, share: Floats) -> Floats:
    return binomial_variance(np.where(np.isfinite(share), share, 0.5), fitted)
