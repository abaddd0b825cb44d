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
from analytics.drift.sketch_reference import MEMORY_H, SIZE, SketchReference

Floats = NDArray[np.float64]

# Sizes bet on, in standard deviations of one text.
_SIZES = np.array([0.1, 0.2, 0.4, 0.8])
BETS = len(MEMORY_H) * len(_SIZES)
# No bucket alone is worth more than a factor of 10,000: an alarm needs two of them.
_LOG_E_MAX = 9.2
_STATE = np.dtype("<f4")


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


def fresh_sketches(log_m: float = -np.inf) -> SketchState:
    """Return the state of a series that has seen no text yet; 0 where it begins with a known change."""
    return SketchState(np.full((len(MEMORY_H), len(_SIZES)), log_m), np.zeros((len(MEMORY_H), SIZE)))


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
    keep = np.exp(-reference.bucket_h / MEMORY_H)[:, None]
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
    kept = np.exp(-reference.bucket_h * np.arange(len(n))[::-1] / MEMORY_H[memory])
    parts = kept[:, None] * (sums - n[:, None] * reference.direction_mean) @ reference.whitening
    others = parts.sum(0) - parts
    paid = (sums - n[:, None] * reference.payoff_mean) @ reference.whitening
    gain = (others * paid).sum(1) / np.maximum(np.linalg.norm(others, axis=1), 1e-12)
    return change_time(_log_e(reference, gain - n * reference.conceded[memory], n, size))


def pack_sketches(state: SketchState) -> bytes:
    """Return the state of one series as bytes: 816."""
    return np.concatenate([state.log_m.ravel(), state.deviations.ravel()]).astype(_STATE).tobytes()


def unpack_sketches(packed: bytes) -> SketchState | None:
    """Return a packed state, None where it is none or broken."""
    if len(packed) != _STATE.itemsize * (BETS + len(MEMORY_H) * SIZE):
        return None
    state = np.frombuffer(packed, _STATE).astype(np.float64)
    if np.isnan(state).any() or np.isposinf(state).any() or not np.isfinite(state[BETS:]).all():
        return None
    return SketchState(state[:BETS].reshape(len(MEMORY_H), -1), state[BETS:].reshape(-1, SIZE))
