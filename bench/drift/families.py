"""Invented series of eight families, healthy or with a change, as counts per bucket.

The families are those of the reference's experiments (`../shared/reference/drift.md`, 3.1): what
telemetry of agents does while nothing is wrong, and each breaks another assumption of a textbook test.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import bins_of

FAMILIES = ("iid", "diurnal", "ar", "heavy", "tokens", "cluster", "category", "error")
NUMERIC = FAMILIES[:6]

Floats = NDArray[np.float64]
# Monday 2024-01-01, in hours since the epoch: the families' weeks begin on it
START_H = 473_352


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different, from which bucket on: a kind of `_CHANGES`, and how much."""

    kind: str
    size: float
    bucket: int


@dataclass(frozen=True, slots=True)
class Counts:
    """A series of counts.

    Parameters
    ----------
    ids : shape (n,)
        Bins of numeric values, numbers of categories.
    counts : shape (buckets, n)
    traces : shape (buckets,)
        Different traces that the spans belong to.
    values, slot : shape (spans,)
        The numeric values themselves, and the bucket of each.
    """

    ids: NDArray[np.int64]
    counts: NDArray[np.float32]
    traces: Floats
    values: Floats | None = None
    slot: NDArray[np.int64] | None = None


def invent(
    rng: np.random.Generator,
    family: str,
    per_hour: float,
    hours: int,
    *,
    buckets_per_h: int = 1,
    change: Change | None = None,
) -> Counts:
    """Return a series; with a change its scale and rates are fixed, so that delays can be compared."""
    buckets = hours * buckets_per_h
    clock = np.arange(buckets) / buckets_per_h
    phase = rng.uniform(0, 24)
    spans = rng.poisson(_traffic(clock, per_hour / buckets_per_h, phase, family))
    if family == "category":
        return _categories(rng, spans, clock, buckets_per_h, change)
    if family == "error":
        return _errors(rng, spans, clock, phase, buckets_per_h, change)
    return _numeric(rng, family, spans, clock, phase, buckets_per_h, change)


def _traffic(clock: Floats, rate: float, phase: float, family: str) -> Floats:
    if family == "iid":
        return np.full(len(clock), rate)
    day = (1 + 0.8 * np.sin(2 * np.pi * (clock - phase) / 24)) * np.where(_weekend(clock), 0.35, 1)
    return rate * day / day.mean()


def _weekend(clock: Floats) -> NDArray[np.bool_]:
    return np.asarray((clock // 24) % 7 >= 5)


def wander(rng: np.random.Generator, buckets: int, phi: float, spread: float) -> Floats:
    """Return a Gaussian AR(1) series of this standard deviation."""
    from scipy.signal import lfilter  # noqa: PLC0415 - slow to import, and of use here alone

    shocks = rng.normal(0, spread * np.sqrt(1 - phi**2), buckets)
    shocks[0] = rng.normal(0, spread)
    return np.asarray(lfilter([1], [1, -phi], shocks))


def _numeric(
    rng: np.random.Generator,
    family: str,
    spans: NDArray[np.int64],
    clock: Floats,
    phase: float,
    buckets_per_h: int,
    change: Change | None,
) -> Counts:
    slot = np.repeat(np.arange(len(spans)), spans)
    spread = 0.8 if change else rng.uniform(0.5, 1.3)
    middle = np.log(rng.uniform(80, 800) if family == "tokens" else rng.uniform(0.3, 30))
    level = np.zeros(len(spans))
    if family != "iid":
        level = rng.uniform(0.1, 0.3) * np.sin(2 * np.pi * (clock - phase - 2) / 24)
        level -= 0.08 * _weekend(clock)
    if family == "ar":  # .97 every five minutes
        level += wander(rng, len(spans), 0.97 ** (12 / buckets_per_h), rng.uniform(0.05, 0.15))
    noise, trace = rng.normal(size=len(slot)), np.arange(len(slot))
    if family == "cluster" and len(slot):  # traces of five spans on average, which are alike
        trace = np.cumsum(rng.random(len(slot)) < 0.2)
        alike = rng.normal(0, 0.5, trace[-1] + 1)[trace] / spread
        noise = np.sqrt(max(spread**2 - 0.25, 0.05)) / spread * noise + alike
    after = slot >= change.bucket if change else np.zeros(len(slot), bool)
    logs = _changed(rng, middle, level[slot], spread, noise, after, change)
    if family == "heavy":
        some = rng.random(len(slot)) < 0.1
        logs = logs + some * rng.exponential(1 / 1.2, len(slot))
    values = np.exp(logs)
    if family == "tokens":
        values = np.clip(np.rint(values), 1, 4096)
    new = np.diff(trace, prepend=-1).astype(bool) | np.diff(slot, prepend=-1).astype(bool)
    traces = np.bincount(slot, weights=new, minlength=len(spans))
    return binned(values, slot, len(spans), traces)


def _changed(
    rng: np.random.Generator,
    middle: float,
    level: Floats,
    spread: float,
    noise: Floats,
    after: NDArray[np.bool_],
    change: Change | None,
) -> Floats:
    kind, size = (change.kind, change.size) if change else ("none", 0.0)
    shift = np.log1p(size) * after if kind == "median" else 0.0
    widen = np.where(after, size, 1.0) if kind == "spread" else 1.0
    logs = middle + level + shift + spread * widen * noise
    if kind in ("garbage_high", "garbage_low"):
        away = np.log(10) if kind == "garbage_high" else -np.log(20)
        some = after & (rng.random(len(noise)) < size)
        logs = np.where(some, middle + away + 0.3 * rng.normal(size=len(noise)), logs)
    return np.asarray(logs)


def binned(values: Floats, slot: NDArray[np.int64], buckets: int, traces: Floats) -> Counts:
    """Return values as counts of their bins in the buckets that `slot` names."""
    bins = bins_of(values)
    low = int(bins.min()) if len(bins) else 0
    width = int(bins.max()) - low + 1 if len(bins) else 1
    counts = np.bincount(slot * width + bins - low, minlength=buckets * width)
    return Counts(
        np.arange(low, low + width),
        counts.reshape(buckets, width).astype(np.float32),
        traces,
        values,
        slot,
    )


def _categories(
    rng: np.random.Generator,
    spans: NDArray[np.int64],
    clock: Floats,
    buckets_per_h: int,
    change: Change | None,
) -> Counts:
    some = rng.integers(4, 13)
    usual = np.maximum(rng.dirichlet(np.ones(some)), 0.005)
    usual /= usual.sum()
    waves = 0.25 * np.sin(2 * np.pi * (clock[:, None] - rng.uniform(0, 24, some)) / 24)
    walks = np.stack([wander(rng, len(spans), 0.9 ** (1 / buckets_per_h), 0.1) for _ in range(some)], 1)
    share = np.exp(np.log(usual) + waves + walks)
    share /= share.sum(1, keepdims=True)
    share = np.append(share, np.zeros((len(spans), 1)), 1)
    if change:
        share = _moved(share, usual, change)
    counts = rng.multinomial(spans, share)
    return Counts(np.arange(some + 1), counts.astype(np.float32), spans.astype(np.float64))


def _moved(share: Floats, usual: Floats, change: Change) -> Floats:
    """Return the shares after some calls moved to a middling category, or to a new one."""
    after = np.arange(len(share)) >= change.bucket
    if change.kind == "new":
        share = share * (1 - change.size * after)[:, None]
        share[:, -1] = change.size * after
        return share
    order = np.argsort(usual)
    moved = np.minimum(change.size, share[:, order[-1]] * 0.95) * after
    share[:, order[-1]] -= moved
    share[:, order[len(order) // 2]] += moved
    return share


def _errors(
    rng: np.random.Generator,
    spans: NDArray[np.int64],
    clock: Floats,
    phase: float,
    buckets_per_h: int,
    change: Change | None,
) -> Counts:
    rate = 0.01 if change else rng.uniform(0.005, 0.05)
    odds = np.log(rate / (1 - rate)) + 0.2 * np.sin(2 * np.pi * (clock - phase) / 24)
    odds += wander(rng, len(spans), 0.8 ** (1 / buckets_per_h), 0.3)
    if change:
        odds += np.log(change.size) * (np.arange(len(spans)) >= change.bucket)
    failed = rng.binomial(spans, 1 / (1 + np.exp(-odds)))
    counts = np.stack([spans - failed, failed], 1).astype(np.float32)
    return Counts(np.arange(2), counts, spans.astype(np.float64))
