"""The e-detector: evidence added up over time, looked at as often as one likes. Pure.

A leaky Shiryaev-Roberts sum of e-processes that start at every bucket [1]_: while all is as it was,
its expectation grows by one a bucket at most, so the probability that it passes A within T buckets is
at most T / A, whenever one looks. The leak forgets over the reference's length, so that a small
eternal error of the baseline never adds up to an alarm.

References
----------
.. [1] J. Shin, A. Ramdas, A. Rinaldo. E-detectors: a nonparametric framework for sequential change
   detection. arXiv 2203.03532.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from analytics.drift.evidence import SIZES
from analytics.drift.reference import Reference

Floats = NDArray[np.float64]


# Weight of location, scale and skew beside a tail's 1: most changes move the middle.
_SMOOTH_WEIGHT = np.array([3.0, 2.0, 1.0])


def fresh(reference: Reference) -> Floats:
    """Return the state of series that have seen nothing yet, shape (series, scores, 2, sizes)."""
    return np.full((*reference.shape, 2, len(SIZES)), -np.inf)


def step(state: Floats, evidence: Floats, horizon: int) -> Floats:
    """Return the state after one bucket more.

    Parameters
    ----------
    state, evidence : shape (series, scores, 2, sizes)
        Logarithms.
    horizon
        Buckets over which evidence is forgotten: those of the reference.
    """
    return np.asarray((1 - 1 / horizon) * np.logaddexp(0, state) + evidence)


def run(state: Floats, evidence: Floats, horizon: int, prior: Floats) -> tuple[Floats, Floats]:
    """Return the state after some buckets, and the evidence of each series after each of them.

    Parameters
    ----------
    evidence : shape (buckets, series, scores, 2, sizes)
    prior : shape (series, scores)
        `log_prior` of the scores.

    Returns
    -------
    state : shape (series, scores, 2, sizes)
    path : shape (buckets, series)
    """
    path = np.empty(evidence.shape[:2])
    for bucket, one in enumerate(evidence):
        state = step(state, one, horizon)
        path[bucket] = mixture(state, prior)
    return state, path


def mixture(state: Floats, prior: Floats) -> Floats:
    """Return the evidence of each series: the mean over all its bets, as a logarithm."""
    weight = prior[..., None, None] - np.log(2 * state.shape[-1])
    return np.asarray(logsumexp(state + weight, axis=(-3, -2, -1)))


def log_prior(reference: Reference) -> Floats:
    """Return the logarithm of the weight of each score; those of one series sum to one."""
    weight = reference.alive.astype(np.float64)
    weight[:, : reference.smooth] *= _SMOOTH_WEIGHT[: reference.smooth]
    weight /= np.maximum(weight.sum(1, keepdims=True), 1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(weight))


def since_known_change(evidence: Floats, prior: Floats) -> Floats:
    """Return the evidence after each bucket since a change whose time is known, as a logarithm.

    One e-process that starts at the deployment and never again; an alarm at 1 / alpha is false with
    probability alpha at most (Ville).

    Parameters
    ----------
    evidence : shape (buckets, series, scores, 2, sizes)

    Returns
    -------
    shape (buckets, series)
    """
    return mixture(np.cumsum(evidence, axis=0), prior)
