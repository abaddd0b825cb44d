"""Whether two windows differ by more than their noise. Pure.

Spans of a trace, and hours of a day, are alike, so a test that takes spans for independent (Kolmogorov and
Smirnov's, chi-square) finds a difference nearly always. Here each Neyman score of the pooled windows is an
hourly mean, and the difference between the windows a coefficient of a weighted regression on the hours of
the day, the weekend and the window. Its standard error is that of the noise of `noise`: over-dispersion,
and a level that wanders as an AR(1) series does. From three days on it is also that of days as clusters
[1]_, and the larger p-value counts. The scores' p-values are combined by weighted Bonferroni, which holds
however they depend on each other.

References
----------
.. [1] A. C. Cameron, D. L. Miller. A practitioner's guide to cluster-robust inference. J. Human Resources
   50 (2015), 317-372. The two windows' days are compared as B. L. Welch does, Biometrika 34 (1947), 28-35.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.stats import t as student

from analytics.drift.baseline import design
from analytics.drift.evidence import MARGIN
from analytics.drift.matched import Matched
from analytics.drift.noise import PHI_PRIOR, Noise, fit_noise
from analytics.drift.scores import Scores

Floats = NDArray[np.float64]

DAYS_MIN = 3
# Cochran's rule of the chi-square test: how many of a share are expected in either window, at least.
_EXPECTED_MIN = 5
_SMOOTH_WEIGHT = np.array([3.0, 2.0, 1.0])
_DAY_H = 24


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs most between two windows: a score, whether it rose, and the p-value of all of them."""

    name: str
    is_up: bool
    p: float


def moved(matched: Matched) -> Moved | None:
    """Return what moved, None where nothing is there to be compared: one value in both windows."""
    scores = matched.scores()
    windows = _windows(matched, scores)
    spread = np.sqrt(scores.share @ scores.values**2)
    regressors = np.column_stack([design(windows.hours + 0.5), windows.after])
    n = np.repeat(windows.n[:, None], len(spread), axis=1)
    noise = fit_noise(regressors, windows.sums, n, spread**2, bucket_h=1, phi_prior=PHI_PRIOR)
    weight = _weights(scores, windows, noise)
    if not weight.any():
        return None
    found = _difference(regressors, windows, spread, noise)
    p = _p_values(found, scores, spread)
    with np.errstate(divide="ignore"):
        combined = np.where(weight > 0, p * weight.sum() / weight, np.inf)
    best = int(np.argmin(combined))
    return Moved(scores.names[best], bool(found.size[best] > 0), float(min(combined[best], 1)))


@dataclass(frozen=True, slots=True)
class _Windows:
    """Hours of the first window, then of the second.

    Parameters
    ----------
    hours : shape (hours,)
    after : shape (hours,)
        Whether an hour is of the second window.
    sums : shape (hours, scores)
    n : shape (hours,)
    """

    hours: Floats
    after: NDArray[np.bool_]
    sums: Floats
    n: Floats


def _windows(matched: Matched, scores: Scores) -> _Windows:
    counts = np.concatenate([matched.first.counts, matched.second.counts])
    hours = np.concatenate([matched.first.hours, matched.second.hours])
    after = np.arange(len(hours)) >= len(matched.first.hours)
    return _Windows(hours, after, scores.sums(matched.items, counts), counts.sum(1))


@dataclass(frozen=True, slots=True)
class _Difference:
    """Differences of means, of every score, with standard errors and their degrees of freedom.

    Parameters
    ----------
    size : shape (scores,)
    error, freedom : shape (models, scores)
    """

    size: Floats
    error: Floats
    freedom: Floats


def _difference(regressors: Floats, windows: _Windows, spread: Floats, noise: Noise) -> _Difference:
    some = windows.n > 0
    means = np.where(some[:, None], windows.sums / np.maximum(windows.n, 1)[:, None], 0.0)
    sampling = spread**2 / np.maximum(windows.n, 1)[:, None]
    phi = (noise.run - 1) / (noise.run + 1)
    by_days = all(_days(windows, after) >= DAYS_MIN for after in (False, True))
    if not by_days:
        phi = np.maximum(phi, PHI_PRIOR)
    wander = noise.wander / _left(regressors, windows, phi)
    influence = _influence(regressors, np.where(some[:, None], 1 / (sampling + wander), 0.0))
    beta = np.einsum("tpc,tc->pc", influence, means)
    ours = influence[:, -1]
    residuals = means - regressors @ beta
    errors = [_of_noise(ours, sampling, wander, phi, noise, windows)]
    if by_days:
        errors.append(_of_days(ours * residuals, windows))
    error, freedom = (np.stack(part) for part in zip(*errors, strict=True))
    return _Difference(beta[-1], error, freedom)


def _influence(regressors: Floats, weights: Floats) -> Floats:
    """Return by how much each hour's mean moves each coefficient, shape (hours, p, scores)."""
    gram = np.einsum("tp,tc,tq->cpq", regressors, weights, regressors, optimize=True)
    gram += 1e-9 * weights.sum(0)[:, None, None] * np.eye(regressors.shape[1])
    right = np.einsum("tp,tc->cpt", regressors, weights)
    return np.asarray(np.linalg.solve(gram, right).transpose(2, 1, 0))


def _of_noise(
    ours: Floats, sampling: Floats, wander: Floats, phi: Floats, noise: Noise, windows: _Windows
) -> tuple[Floats, Floats]:
    """Return standard error and degrees of freedom by the model of the noise."""
    independent = (ours**2 * sampling).sum(0)
    pairs = zip(ours.T, phi, strict=True)
    walked = np.array([_walked(one[:, None], windows.after, r)[0] for one, r in pairs])
    variance = np.maximum(noise.dispersion * independent, independent + wander * walked) * noise.lag
    alone = independent + wander * (ours**2).sum(0)
    freedom = np.count_nonzero(windows.n) * np.minimum(alone / variance, 1) - 2
    return np.sqrt(variance), np.maximum(freedom, 1)


def _walked(weights: Floats, after: NDArray[np.bool_], phi: float) -> Floats:
    """Return the variance of weighted sums, a column each, of an AR(1) series of variance one."""
    parts = [weights[after == side] for side in (False, True)]
    return np.asarray(sum((one * (2 * lfilter([1], [1, -phi], one, axis=0) - one)).sum(0) for one in parts))


def _of_days(pulls: Floats, windows: _Windows) -> tuple[Floats, Floats]:
    """Return standard error and degrees of freedom by what days differ."""
    variance, freedom = np.zeros(pulls.shape[1]), np.zeros(pulls.shape[1])
    for after in (False, True):
        some = (windows.after == after) & (windows.n > 0)
        _, day = np.unique(windows.hours[some] // _DAY_H, return_inverse=True)
        days = day.max() + 1
        sums = np.stack([np.bincount(day, weights=one, minlength=days) for one in pulls[some].T], 1)
        one = (sums**2).sum(0) * days / (days - 1)
        variance += one
        freedom += one**2 / (days - 1)
    return np.sqrt(variance), variance**2 / np.maximum(freedom, 1e-300)


def _left(regressors: Floats, windows: _Windows, phi: Floats) -> Floats:
    """Return which part of a wander's variance is left beside the regression, of each score.

    What a level does over longer than a window, its window's mean has taken up: short windows hide it.
    """
    some = windows.n > 0
    taken = np.linalg.qr(regressors * some[:, None])[0]
    hours, parameters = np.count_nonzero(some), regressors.shape[1]
    left = {r: hours - _walked(taken, windows.after, r).sum() for r in np.unique(phi)}
    return np.array([np.clip(left[r] / max(hours - parameters, 1), 0.05, 1) for r in phi])


def _p_values(found: _Difference, scores: Scores, spread: Floats) -> Floats:
    beyond = np.maximum(np.abs(found.size) - _conceded(scores, spread), 0)
    p = np.asarray(2 * student.sf(beyond / np.maximum(found.error, 1e-300), found.freedom))
    return np.asarray(p.max(0))


def _conceded(scores: Scores, spread: Floats) -> Floats:
    """Return the margin in which windows count as alike, as `evidence` has it."""
    odds = MARGIN.odds * spread**2
    odds[: scores.smooth] = np.inf
    return np.minimum(MARGIN.smallest * spread, odds)


def _weights(scores: Scores, windows: _Windows, noise: Noise) -> Floats:
    """Return the weight of each score, 0 for a share that is too rare to be compared."""
    weight = np.ones(len(scores.names))
    weight[: scores.smooth] = _SMOOTH_WEIGHT[: scores.smooth]
    share = -scores.values.min(0)
    fewer = min(windows.n[windows.after == after].sum() for after in (False, True))
    expected = np.minimum(share, 1 - share) * fewer / noise.dispersion
    rare = (np.arange(len(weight)) >= scores.smooth) & (expected < _EXPECTED_MIN)
    if not scores.smooth:
        weight[-1] = 0  # what the pooled windows have never seen
    return np.where(rare, 0.0, weight)


def _days(windows: _Windows, after: bool) -> int:  # noqa: FBT001
    return len(np.unique(windows.hours[(windows.after == after) & (windows.n > 0)] // _DAY_H))
