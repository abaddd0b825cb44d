"""The difference between two windows of every score's mean, and how unsure it is. Pure.

A coefficient of a weighted regression on the hours of the day, the weekend and the window. By the model of
`noise` its standard error holds over-dispersion and a level that wanders as an AR(1) series does; from three
days on there is another one, of days as clusters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from analytics.drift.baseline import smooth
from analytics.drift.correlation import PHI_PRIOR
from analytics.drift.noise import Noise, fit_noise

Floats = NDArray[np.float64]

DAYS_MIN = 3
_DAY_H = 24


@dataclass(frozen=True, slots=True)
class Windows:
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


@dataclass(frozen=True, slots=True)
class Difference:
    """Differences of means, of every score, with standard errors and their degrees of freedom.

    Parameters
    ----------
    size, dispersion : shape (scores,)
        The latter as in `Noise`.
    error, freedom : shape (models, scores)
        By the noise and, from three days on, by days.
    """

    size: Floats
    dispersion: Floats
    error: Floats
    freedom: Floats


def difference(windows: Windows, spread: Floats) -> Difference:
    """Return how much the second window's means differ from the first's.

    Parameters
    ----------
    spread : shape (scores,)
        Standard deviation of the score of one span.
    """
    regressors = np.column_stack([smooth(windows.hours + 0.5), windows.after])
    n = np.repeat(windows.n[:, None], len(spread), axis=1)
    # between two windows the mean over the hours of the day counts: shares too wander alike at all of them
    even = np.full(len(spread), np.nan)
    noise = fit_noise(
        regressors,
        np.zeros((len(regressors), 0)),
        windows.sums,
        n,
        spread**2,
        even,
        bucket_h=1,
        phi_prior=PHI_PRIOR,
    )
    some = windows.n > 0
    means = np.where(some[:, None], windows.sums / np.maximum(windows.n, 1)[:, None], 0.0)
    sampling = spread**2 / np.maximum(windows.n, 1)[:, None]
    phi = (noise.run - 1) / (noise.run + 1)
    by_days = all(_days(windows, after) >= DAYS_MIN for after in (False, True))
    if not by_days:
        # bench/drift: what so few hours say of it makes p-values of .001 come five times too often
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
    return Difference(beta[-1], noise.dispersion, error, freedom)


def _influence(regressors: Floats, weights: Floats) -> Floats:
    """Return by how much each hour's mean moves each coefficient, shape (hours, p, scores)."""
    gram = np.einsum("tp,tc,tq->cpq", regressors, weights, regressors, optimize=True)
    gram += 1e-9 * weights.sum(0)[:, None, None] * np.eye(regressors.shape[1])
    right = np.einsum("tp,tc->cpt", regressors, weights)
    return np.asarray(np.linalg.solve(gram, right).transpose(2, 1, 0))


def _of_noise(
    ours: Floats, sampling: Floats, wander: Floats, phi: Floats, noise: Noise, windows: Windows
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


def _of_days(pulls: Floats, windows: Windows) -> tuple[Floats, Floats]:
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


def _left(regressors: Floats, windows: Windows, phi: Floats) -> Floats:
    """Return which part of a wander's variance is left beside the regression, of each score.

    What a level does over longer than a window, its window's mean has taken up: short windows hide it.
    """
    some = windows.n > 0
    taken = np.linalg.qr(regressors * some[:, None])[0]
    hours, parameters = np.count_nonzero(some), regressors.shape[1]
    left = {r: hours - _walked(taken, windows.after, r).sum() for r in np.unique(phi)}
    return np.array([np.clip(left[r] / max(hours - parameters, 1), 0.05, 1) for r in phi])


def _days(windows: Windows, after: bool) -> int:  # noqa: FBT001
    return len(np.unique(windows.hours[(windows.after == after) & (windows.n > 0)] // _DAY_H))
