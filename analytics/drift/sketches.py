"""Drift of texts' content, by their sketches: bets in a direction learned from the past. Pure.

What a text drifts towards is not known beforehand, and 64 numbers have no few directions to try. So
each bucket is bet on in the direction in which those before it deviate; a direction of the past is
predictable, so the bet is fair. Deviations that make the direction are taken from one half of the
reference, those that are paid from the other: with one mean for both, its error would be found to be
a drift that lasts (drift.md 2.3.13).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# drift.md 2.3.13: over how many hours the past is averaged
_MEMORY_H = np.array([12.0, 48.0, 168.0])
# Sizes bet on, in standard deviations of one text.
_SIZES = np.array([0.1, 0.2, 0.4, 0.8])
BETS = len(_MEMORY_H) * len(_SIZES)
# of a standard deviation of one text: less is not worth a page
_MARGIN = 0.03


@dataclass(frozen=True, slots=True)
class SketchReference:
    """What sketches of one series are compared with.

    Parameters
    ----------
    direction_mean, payoff_mean : shape (64,)
        Means of the two halves.
    whitening : shape (64, 64)
        Makes the sketch of one text uncorrelated, of variance one.
    dispersion
        At least 1: variance of buckets beside that of as many independent texts.
    se
        Standard error of `payoff_mean` in any one direction.
    bucket_h, buckets
    """

    direction_mean: Floats
    payoff_mean: Floats
    whitening: Floats
    dispersion: float
    se: float
    bucket_h: float
    buckets: int


@dataclass(frozen=True, slots=True)
class SketchState:
    """What is kept between looks: evidence of each bet, and the deviations so far.

    Parameters
    ----------
    log_m : shape (memories, sizes)
    deviations : shape (memories, 64)
    """

    log_m: Floats
    deviations: Floats


def fit_sketches(sums: Floats, n: Floats, products: Floats, bucket_h: float = 1.0) -> SketchReference:
    """Return the reference of a series of texts.

    Parameters
    ----------
    sums : shape (buckets, 64)
        Sums of the sketches of each bucket's texts.
    n : shape (buckets,)
        Texts.
    products : shape (64, 64)
        Sum of y y' over all texts.
    """
    total = max(n.sum(), 1.0)
    mean = sums.sum(0) / total
    covariance = products / total - np.outer(mean, mean)
    values, vectors = np.linalg.eigh(covariance)
    # what hardly varies is not blown up: a hundredth of the mean variance at least
    floor = max(values.mean() / 100, 1e-12)
    whitening = vectors / np.sqrt(np.maximum(values, floor))
    half = np.arange(len(n)) % 2 == 0
    first, second = (sums[side].sum(0) / max(n[side].sum(), 1) for side in (half, ~half))
    residuals = (sums - n[:, None] * mean) @ whitening
    scatter = (residuals**2).mean(1)[n > 0] / n[n > 0]
    dispersion = max(1.0, float(scatter.mean())) if len(scatter) else 1.0
    se = float(np.sqrt(dispersion / max(n[~half].sum(), 1)))
    return SketchReference(first, second, whitening, dispersion, se, bucket_h, len(n))


def fresh_sketches() -> SketchState:
    """Return the state of a series that has seen no text yet."""
    return SketchState(np.full((len(_MEMORY_H), len(_SIZES)), -np.inf), np.zeros((len(_MEMORY_H), 64)))


def step_sketches(reference: SketchReference, state: SketchState, sums: Floats, n: float) -> SketchState:
    """Return the state after one bucket more.

    Parameters
    ----------
    sums : shape (64,)
    n
        Texts.
    """
    paid = (sums - n * reference.payoff_mean) @ reference.whitening
    length = np.linalg.norm(state.deviations, axis=1, keepdims=True)
    gain = (state.deviations / np.maximum(length, 1e-12)) @ paid
    conceded = n * (_MARGIN + reference.se)
    log_e = _SIZES * (gain - conceded)[:, None] - n * _SIZES**2 / 2
    log_e = np.minimum(log_e / reference.dispersion, 9.2) * (length > 0)
    log_m = (1 - 1 / reference.buckets) * np.logaddexp(0, state.log_m) + log_e
    keep = np.exp(-reference.bucket_h / _MEMORY_H)[:, None]
    new = (sums - n * reference.direction_mean) @ reference.whitening
    return SketchState(log_m, keep * state.deviations + new)
