"""Rows D1 and D2: texts that are all different, healthy and changed, by descriptors and sketches."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from analytics.drift.bins import bins_of
from analytics.drift.budget import log_threshold
from analytics.drift.merging import merge_factor, merged
from analytics.drift.mix import shared
from analytics.drift.sketch_reference import fit_sketches
from analytics.drift.sketches import fresh_sketches, step_sketches
from bench.drift.corpus import CATEGORIES, Corpus, Measured, botocore
from bench.drift.families import Counts
from bench.drift.looks import Scored, paths, scored
from bench.drift.nulls import BUDGET_PER_H, SERIES
from bench.drift.report import Row, delay, rate
from bench.drift.size import Size

REFERENCE_H, LOOKED_H, BEFORE_H = 14 * 24, 30 * 24, 240
# as many as a fifth of 20 days of 25 an hour, from eight services at least
NEW_TEXTS = 2_400
# Of three categories, seven descriptors, and the sketch, which alone sees what texts are about.
WEIGHTS = np.array([2, 2, 2, *[1] * 7, 4]) / 17
Floats = NDArray[np.float64]


CASES = (
    ("truncated", 0.3, 25, "<= 10 h"),
    ("refusals", 0.05, 25, "<= 36 h"),
    ("bullets", 0.1, 25, "<= 8 h"),
    ("truncated", 0.1, 25, "80 h reached before"),
    ("sure", 0.1, 25, "6 h reached before"),
    ("refusals", 0.05, 10, "63 h reached before"),
    ("topics", 0.1, 25, "27 % reached before; beyond: >= 80 % in 10 d"),
    ("topics", 0.2, 25, "-"),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield false alarms of healthy streams, then delays."""
    corpus = Corpus(botocore())
    streams = [_stream(corpus, size.seed, number, (10, 25)[number % 2]) for number in range(size.text_series)]
    alarms = sum(_alarm(one) is not None for one in streams)
    what = f"{len(corpus.texts):,} botocore texts, none twice in a stream: false alarms per series-month"
    yield Row("D1", what, "0 of 200", f"{alarms} of {len(streams)}: {rate(alarms, len(streams))}")
    for name, much, per_hour, required in CASES:
        found = []
        for number in range(max(size.repeats // 3, 5)):
            alarm = _alarm(_stream(corpus, size.seed, 10_000 + number, per_hour, name, much))
            found.append(alarm - BEFORE_H if alarm is not None and alarm > BEFORE_H else None)
        yield Row("D2", f"{per_hour}/h: {much:.0%} {name}", required, delay(found))


def _stream(
    corpus: Corpus, seed: int, number: int, per_hour: float, name: str = "", much: float = 0.0
) -> tuple[Floats, float]:
    """Return the evidence of a stream after every bucket, and the length of one in hours."""
    rng = np.random.default_rng([seed, 7, number])
    n = rng.poisson(per_hour, REFERENCE_H + LOOKED_H)
    slot = np.repeat(np.arange(len(n)), n)
    order, new = _drawn(rng, corpus, len(slot), topics=name == "topics")
    parts = corpus.plain.taken(order)
    after = (slot >= REFERENCE_H + BEFORE_H) & (rng.random(len(slot)) < much)
    if name == "topics":
        after &= np.arange(len(slot)) < len(new)
        come = new[after[: len(new)].nonzero()[0]]
        _replace(parts, after, corpus.plain, come)
    elif name:
        _replace(parts, after, corpus.changed(name), order[after])
    # of the reference, as every series has it: with another one the sketch would be looked at in other hours
    factor = merge_factor(n[:REFERENCE_H])
    every = [_category(column, slot, len(n)) for column in parts.named.T]
    every += [_numeric(column, slot, len(n)) for column in parts.described.T]
    found = {one.place: one.log_m for one in paths(every, REFERENCE_H, pool=False)}
    each = [found[place] for place in sorted(found)] + [_sketched(parts.sketched, slot, n, factor)]
    length = min(map(len, each))
    weighted = np.stack([one[:length] for one in each]) + np.log(WEIGHTS)[:, None]
    return np.asarray(logsumexp(weighted, axis=0)), float(factor)


def _replace(parts: Measured, after: NDArray[np.bool_], by: Measured, which: NDArray[np.int64]) -> None:
    parts.named[after] = by.named[which]
    parts.described[after] = by.described[which]
    parts.sketched[after] = by.sketched[which]


def _drawn(
    rng: np.random.Generator, corpus: Corpus, many: int, *, topics: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which texts come, and which of services that were not heard of come instead."""
    if not topics:
        return rng.permutation(len(corpus.texts))[:many], np.zeros(0, np.int64)
    services, counts = np.unique(corpus.service, return_counts=True)
    order = rng.permutation(len(services))
    enough = max(np.searchsorted(np.cumsum(counts[order]), NEW_TEXTS) + 1, 8)
    unheard = np.isin(corpus.service, services[order[:enough]])
    known, new = (rng.permutation(np.flatnonzero(side)) for side in (~unheard, unheard))
    return np.resize(known, many), np.resize(new, many)


def _numeric(values: Floats, slot: NDArray[np.int64], hours: int) -> Scored:
    bins = bins_of(values)
    low, width = int(bins.min()), int(np.ptp(bins)) + 1
    counts = np.bincount(slot * width + bins - low, minlength=hours * width).reshape(hours, width)
    one = Counts(np.arange(low, low + width), counts.astype(np.float32), counts.sum(1).astype(float))
    return scored(one, True, REFERENCE_H)


def _category(values: NDArray[np.int64], slot: NDArray[np.int64], hours: int) -> Scored:
    width = len(CATEGORIES)
    counts = np.bincount(slot * width + values, minlength=hours * width).reshape(hours, width)
    counts = counts[:, counts.any(0)]
    one = Counts(np.arange(counts.shape[1]), counts.astype(np.float32), counts.sum(1).astype(float))
    return scored(one, False, REFERENCE_H)


def _sketched(sketches: Floats, slot: NDArray[np.int64], n: NDArray[np.int64], factor: int) -> Floats:
    sums = np.zeros((len(n), sketches.shape[1]))
    np.add.at(sums, slot, sketches)
    sums, many = merged(sums, factor), merged(n, factor)
    until = REFERENCE_H // factor
    learned = sketches[slot < REFERENCE_H].astype(np.float64)
    reference = fit_sketches(sums[:until], many[:until], learned.T @ learned, float(factor))
    state, path = fresh_sketches(), []
    for one, count in zip(sums[until:], many[until:], strict=True):
        state = step_sketches(reference, state, one, count)
        path.append(float(shared(state.log_m.ravel())))
    return np.array(path)


def _alarm(stream: tuple[Floats, float]) -> float | None:
    log_m, bucket_h = stream
    above = np.flatnonzero(log_m >= log_threshold(SERIES, bucket_h, BUDGET_PER_H))
    return float((above[0] + 1) * bucket_h) if len(above) else None
