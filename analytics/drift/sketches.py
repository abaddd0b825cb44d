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

from analytics.drift.change_time import ChangeTime, change_time

Floats = NDArray[np.float64]

SIZE = 64
# drift.md 2.3.13: over how many hours the past is averaged
_MEMORY_H = np.array([12.0, 48.0, 168.0])
# Sizes bet on, in standard deviations of one text.
_SIZES = np.array([0.1, 0.2, 0.4, 0.8])
BETS = len(_MEMORY_H) * len(_SIZES)
# of a standard deviation of one text: less is not worth a page
_MARGIN = 0.03
# No bucket alone is worth more than a factor of 10,000: an alarm needs two of them.
_LOG_E_MAX = 9.2
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


@dataclass(frozen=True, slots=True)
class SketchState:
    """What is kept between looks: evidence of each bet, and the deviations so far.

    Parameters
    ----------
    log_m : shape (memories, sizes)
    deviations : shape (memories, 64)
        As sketches are: what they are is not changed by another reference.
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
    whitening = _whitening(products / total - np.outer(mean, mean), total)
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
    conceded = _MARGIN + np.sqrt(dispersion / max(n[~half].sum(), 1)) + went_on
    return SketchReference(first, second, _symmetric(whitening), dispersion, conceded, bucket_h, len(n))


def fresh_sketches(log_m: float = -np.inf) -> SketchState:
    """Return the state of a series that has seen no text yet; 0 where it begins with a known change."""
    return SketchState(np.full((len(_MEMORY_H), len(_SIZES)), log_m), np.zeros((len(_MEMORY_H), SIZE)))


def step_sketches(reference: SketchReference, state: SketchState, sums: Floats, n: float) -> SketchState:
    """Return the state after one bucket more.

    Parameters
    ----------
    sums : shape (64,)
    n
        Texts.
    """
    before = (1 - 1 / reference.buckets) * np.logaddexp(0, state.log_m)
    return _stepped(reference, state, before, sums, n)


def step_since(reference: SketchReference, state: SketchState, sums: Floats, n: float) -> SketchState:
    """Return the state after one bucket more since a known change, with which it began as nothing.

    A direction of the past since then is predictable too: one e-process for each bet.
    """
    return _stepped(reference, state, state.log_m, sums, n)


def _stepped(
    reference: SketchReference, state: SketchState, before: Floats, sums: Floats, n: float
) -> SketchState:
    paid = (sums - n * reference.payoff_mean) @ reference.whitening
    towards = state.deviations @ reference.whitening
    length = np.linalg.norm(towards, axis=1, keepdims=True)
    gain = (towards / np.maximum(length, 1e-12)) @ paid
    beyond = gain - n * reference.conceded
    log_e = np.minimum(_log_e(reference, beyond[:, None], n, _SIZES), _LOG_E_MAX) * (length > 0)
    keep = np.exp(-reference.bucket_h / _MEMORY_H)[:, None]
    deviations = keep * state.deviations + (sums - n * reference.direction_mean)
    return SketchState(before + log_e, deviations)


def _log_e(reference: SketchReference, beyond: Floats, n: Floats | float, size: Floats | float) -> Floats:
    return np.asarray((size * beyond - n * size**2 / 2) / reference.dispersion)


def sketches_began(reference: SketchReference, sums: Floats, n: Floats, bet: int) -> ChangeTime:
    """Return when what won began, in places of some recent buckets, oldest first.

    Every bucket is asked how it deviates in the direction of all others in the winner's memory: in one
    that it had a part in, noise would pay too.

    Parameters
    ----------
    sums : shape (buckets, 64)
    n : shape (buckets,)
    bet
        Place of the winning bet in `SketchState.log_m`, flat.
    """
    memory, size = bet // len(_SIZES), float(_SIZES[bet % len(_SIZES)])
    kept = np.exp(-reference.bucket_h * np.arange(len(n))[::-1] / _MEMORY_H[memory])
    parts = kept[:, None] * (sums - n[:, None] * reference.direction_mean) @ reference.whitening
    others = parts.sum(0) - parts
    paid = (sums - n[:, None] * reference.payoff_mean) @ reference.whitening
    gain = (others * paid).sum(1) / np.maximum(np.linalg.norm(others, axis=1), 1e-12)
    return change_time(_log_e(reference, gain - n * reference.conceded[memory], n, size))


def _whitening(covariance: Floats, total: float) -> Floats:
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
    keep = np.exp(-bucket_h / _MEMORY_H)[:, None]
    first, second = (usual[side::2].sum(0) / max(usual_n[side::2].sum(), 1) for side in (0, 1))
    deviations, found = np.zeros((len(_MEMORY_H), SIZE)), np.zeros((len(n), len(_MEMORY_H)))
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


_STATE = np.dtype("<f4")


def pack_sketches(state: SketchState) -> bytes:
    """Return the state of one series as bytes: 816."""
    return np.concatenate([state.log_m.ravel(), state.deviations.ravel()]).astype(_STATE).tobytes()


def unpack_sketches(packed: bytes) -> SketchState | None:
    """Return a packed state, None where it is none or broken."""
    if len(packed) != _STATE.itemsize * (BETS + len(_MEMORY_H) * SIZE):
        return None
    state = np.frombuffer(packed, _STATE).astype(np.float64)
    if np.isnan(state).any() or np.isposinf(state).any() or not np.isfinite(state[BETS:]).all():
        return None
    return SketchState(state[:BETS].reshape(len(_MEMORY_H), -1), state[BETS:].reshape(-1, SIZE))
