"""Noise: by how much buckets of a healthy series scatter more than independent spans would. Pure.

Two sources are kept apart, for they grow differently with the number of spans: clusters (spans of
one trace are alike) multiply the variance of every mean by `dispersion`, a level that wanders from
bucket to bucket adds `wander` to it, however many spans there are. The wander is correlated in
time; the correlation of one series is too poorly known alone, so it is the mode of a posterior
whose prior is what the whole fleet shows for that kind of metric.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.baseline import regress
from analytics.drift.tilt import binomial_variance

Floats = NDArray[np.float64]

# drift.md 2.3.3 and driftlab.py: measured there on eight families of series
PHI_PRIOR = 0.85
_PHI_GRID = np.array([0.0, 0.2, 0.4, 0.55, 0.65, 0.72, 0.78, 0.83, 0.87, 0.9, 0.925, 0.945, 0.96, 0.97])
_PRIOR_LOGIT_SD = 1.2
_ROUNDS = 5
# bench/drift: .5 and 1 alarm alike while healthy, and .5 finds low counts a quarter sooner
_WANDER_SE = 0.5
_LAGS_H = 24
_SERIES_TO_POOL = 10


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
    regressors : shape (buckets, p)
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
    some = n > 0
    spans = np.maximum(n, 1)
    means, independent = np.where(some, sums / spans, 0.0), variance / spans
    buckets, parameters = np.maximum(some.sum(0), 1), regressors.shape[1]
    freedom = buckets / np.maximum(buckets - parameters, 1)
    wander, dispersion = np.zeros(len(variance)), np.ones(len(variance))
    sampling, swing = _of_hours(np.zeros_like(means), spans, variance, share)
    for _ in range(_ROUNDS):
        weights = np.where(some, 1 / np.maximum(dispersion * sampling, sampling + wander * swing), 0.0)
        beta = regress(regressors, means, weights)
        sampling, swing = _of_hours(regressors @ beta, spans, variance, share)
        squares = (means - regressors @ beta) ** 2 * freedom
        dispersion = np.maximum(1, np.where(some, squares / independent, 0).sum(0) / buckets)
        precise = weights**2 * swing
        precision = np.maximum((precise * swing).sum(0), 1e-300)
        wander = np.maximum(0, (precise * (squares - sampling)).sum(0) / precision)
    wander = wander + _WANDER_SE * np.sqrt(2 / precision)
    spread = sampling + wander * swing
    residuals = np.where(some, (means - regressors @ beta) / np.sqrt(spread), 0.0)
    wander_share = np.where(some, wander * swing / spread, 0).sum(0) / buckets
    correlations = autocorrelations(residuals, bucket_h)
    phi = map_phi(correlations, wander_share, len(n), bucket_h, phi_prior, alike) ** bucket_h
    run = (1 + phi) / (1 - phi)
    first = np.clip(correlations[0] - 2 / np.sqrt(len(n)), 0, 0.97)
    lag = np.maximum(1, (1 + first) / (1 - first) / (1 - wander_share + wander_share * run))
    inflated = np.maximum(dispersion * independent, independent + wander * swing * run) * lag
    weights = np.where(some, 1 / spread, 0.0)
    se = np.sqrt((weights**2 * inflated).sum(0)) / np.maximum(weights.sum(0), 1e-300)
    return Noise(beta, dispersion, wander, run, lag, se, wander_share, correlations)


def _of_hours(fitted: Floats, spans: Floats, variance: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Return the variance of each mean of independent spans, and that of its level beside its wander's."""
    rare = np.isfinite(share)
    each = np.where(rare, binomial_variance(np.where(rare, share, 0.5), fitted), variance)
    return each / spans, np.where(rare, each**2, 1.0)


def autocorrelations(residuals: Floats, bucket_h: float) -> Floats:
    """Return the correlations of residuals over a day's lags, their bias of 1 / buckets undone."""
    buckets = len(residuals)
    lags = int(min(max(4, _LAGS_H / bucket_h), max(buckets // 4, 1)))
    centred = residuals - residuals.mean(0)
    spectrum = np.fft.rfft(centred, 2 * buckets, axis=0)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[: lags + 1] / buckets
    return np.asarray(covariance[1:] / np.maximum((centred**2).mean(0), 1e-12) + 1 / buckets)


def map_phi(
    correlations: Floats, wander_share: Floats, buckets: int, bucket_h: float, phi_prior: float, alike: int = 1
) -> Floats:
    """Return the wander's correlation over an hour: the mode given the prior, of each column.

    Residuals correlate as share * phi^lag. The prior is normal in the logit, around `phi_prior`. One column
    tells so little that one in a hundred takes a wander for half as long as it is: where neighbours are
    `alike`, the mode given all of them counts if it is longer.
    """
    misfit = np.stack([_misfit(correlations, wander_share, phi, bucket_h) for phi in _PHI_GRID])
    surprise = ((_logit(_PHI_GRID) - _logit(np.array(phi_prior))) / _PRIOR_LOGIT_SD)[:, None] ** 2
    cost = buckets * misfit / (1 + 2 * wander_share)
    together = cost.reshape(len(_PHI_GRID), -1, alike).sum(-1)
    own, theirs = ((one + surprise).argmin(0) for one in (cost, together))
    return np.asarray(_PHI_GRID[np.maximum(own, np.repeat(theirs, alike))])


def pooled_phi(fits: list[Noise], bucket_h: list[float]) -> float:
    """Return the correlation over an hour that explains a whole fleet of one kind of metric best.

    Only columns whose wander matters say anything about it; with fewer than ten, `PHI_PRIOR`.
    """
    cost, columns = np.zeros(len(_PHI_GRID)), 0
    for noise, length_h in zip(fits, bucket_h, strict=True):
        if length_h > 3:
            continue
        telling = noise.wander_share > 0.05
        columns += int(telling.sum())
        share, seen = noise.wander_share[telling], noise.correlations[:, telling]
        cost += [_misfit(seen, share, phi, length_h).sum() for phi in _PHI_GRID]
    return float(_PHI_GRID[2:][cost[2:].argmin()]) if columns >= _SERIES_TO_POOL else PHI_PRIOR


def _misfit(correlations: Floats, share: Floats, phi: float, bucket_h: float) -> Floats:
    lags = np.arange(1, len(correlations) + 1)[:, None]
    return np.asarray(((correlations - share * phi ** (bucket_h * lags)) ** 2).sum(0))


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log((share + 0.02) / (1 - share)))
