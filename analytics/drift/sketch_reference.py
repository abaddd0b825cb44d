"""The reference of texts' sketches: what they are compared with, and what they do by themselves. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIZE = 64
# drift.md 2.3.13: over how many hours the past is averaged
MEMORY_H = np.array([12.0, 48.0, 168.0])
# of a standard deviation of one text: less is not worth a page
CONTENT_MARGIN = 0.03
# An eigenvalue of a sample's covariance beyond the bound for pure noise times this is no chance.
_BEYOND_NOISE = 1.3
# Fewer texts for each number tell no covariance: 640 in all.
TEXTS_MIN = 10 * SIZE
_DAY_H = 24.0


@dataclass(frozen=True, slots=True)
class SketchReference:
    """What sketches of one series are compared with.

    Parameters
    ----------
    direction_mean, payoff_mean : shape (64,)
        Means of the two halves.
    whitening : shape (64, 64)
        Makes the sketch of one text uncorrelated, of variance one; less in directions in which the
        reference's hours or days differ. Symmetric.
    dispersion
        At least 1: variance of buckets beside that of as many independent texts.
    conceded : shape (memories,)
        Deviation in the direction of the past, of one text, that is none: the margin, the standard error
        of `payoff_mean`, and by how much the reference's own hours went on as those before them.
    bucket_h, buckets
    """

    direction_mean: Floats
    payoff_mean: Floats
    whitening: Floats
    dispersion: float
    conceded: Floats
    bucket_h: float
    buckets: int


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
    whitening = whitening_of(products / total - np.outer(mean, mean), total)
    residuals = sums - n[:, None] * mean
    a_day = max(1, round(_DAY_H / bucket_h))
    for length in (1, a_day):
        whitening = whitening @ _steady(*_blocks(residuals @ whitening, n, length))
    scatter = [_scatter(*_blocks(residuals @ whitening, n, length)) for length in (1, a_day)]
    # the covariance of so many texts makes them look more alike than others will be
    gains = _gains(residuals @ whitening, n, bucket_h)
    went_on, swing = _went_on(gains, n, a_day)
    dispersion = max(1.0, *scatter, swing) / (1 - min(SIZE / total, 0.5))
    half = np.arange(len(n)) % 2 == 0
    first, second = (sums[side].sum(0) / max(n[side].sum(), 1) for side in (half, ~half))
    conceded = CONTENT_MARGIN + np.sqrt(dispersion / max(n[~half].sum(), 1)) + went_on
    return SketchReference(first, second, _symmetric(whitening), dispersion, conceded, bucket_h, len(n))


def whitening_of(covariance: Floats, total: float) -> Floats:
    """Return what makes the sketch of one text uncorrelated, of variance one, by a covariance of so many."""
    # of few texts the least variances are too small by chance: (1 - sqrt(64 / n))^2 (Marchenko, Pastur)
    covariance = covariance + SIZE / total * np.diag(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance)
    # what hardly varies is not blown up: a hundredth of the mean variance at least
    floor = max(values.mean() / 100, 1e-12)
    return np.asarray(vectors / np.sqrt(np.maximum(values, floor)))


def _blocks(residuals: Floats, n: Floats, length: int) -> tuple[Floats, Floats]:
    """Return blocks of so many buckets that have texts."""
    starts = np.arange(0, len(n), length)
    sums, texts = np.add.reduceat(residuals, starts), np.add.reduceat(n, starts)
    return sums[texts > 0], texts[texts > 0]


def _steady(residuals: Floats, n: Floats) -> Floats:
    """Return what makes directions smaller in which blocks differ more than chance would have it.

    Nights may be about something else than days, and weekends than weeks: a direction that moves like
    that in the reference is bet on with so much less.
    """
    if len(n) < 2:
        return np.eye(SIZE)
    each = residuals / np.sqrt(n)[:, None]
    values, vectors = np.linalg.eigh(each.T @ each / len(n))
    noise = max(values.mean(), 1.0) * (1 + np.sqrt(SIZE / len(n))) ** 2
    larger = np.where(values > _BEYOND_NOISE * noise, values, 1.0)
    return np.asarray((vectors / np.sqrt(larger)) @ vectors.T)


def _gains(residuals: Floats, n: Floats, bucket_h: float) -> Floats:
    """Return how far each bucket went in the direction of those before it, by memory.

    Each half of the time is looked at as what comes after the other will be.
    """
    middle = len(n) // 2
    early, late = slice(0, middle), slice(middle, None)
    parts = [
        _gains_after(residuals[usual], n[usual], residuals[now], n[now], bucket_h)
        for usual, now in ((late, early), (early, late))
    ]
    return np.concatenate(parts)


def _gains_after(usual: Floats, usual_n: Floats, residuals: Floats, n: Floats, bucket_h: float) -> Floats:
    keep = np.exp(-bucket_h / MEMORY_H)[:, None]
    first, second = (usual[side::2].sum(0) / max(usual_n[side::2].sum(), 1) for side in (0, 1))
    deviations, found = np.zeros((len(MEMORY_H), SIZE)), np.zeros((len(n), len(MEMORY_H)))
    for bucket, (one, texts) in enumerate(zip(residuals, n, strict=True)):
        length = np.maximum(np.linalg.norm(deviations, axis=1), 1e-12)
        found[bucket] = deviations @ (one - texts * second) / length
        deviations = keep * deviations + (one - texts * first)
    return found


def _went_on(gains: Floats, n: Floats, a_day: int) -> tuple[Floats, float]:
    """Return by how much of one text buckets went on as those before them, and how unevenly over days.

    What texts are about may wander from day to day. Of chance alone neither is more than nothing, but for
    what so few days tell.
    """
    total, (sums, texts) = max(n.sum(), 1.0), _blocks(gains, n, a_day)
    mean = gains.sum(0) / total
    if len(texts) < 2:
        return np.maximum(mean, 0), 1.0
    swing = ((sums - texts[:, None] * mean) ** 2 / texts[:, None]).mean(0)
    by_chance = 1 + 2 * np.sqrt(2 / len(texts))
    went_on = np.maximum(mean + np.sqrt(swing / total), 0)
    return went_on, float(swing.max() / by_chance)


def _scatter(residuals: Floats, n: Floats) -> float:
    return float(((residuals**2).mean(1) / n).mean()) if len(n) else 1.0


def _symmetric(whitening: Floats) -> Floats:
    """Return what makes the same lengths and angles, and is half as large."""
    left, scale, _ = np.linalg.svd(whitening)
    return np.asarray((left * scale) @ left.T)
