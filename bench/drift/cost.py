"""What a look costs: over 10,000 series, with ten times the spans, and beside Evidently as spans grow."""

import multiprocessing
import resource
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import numpy as np

from analytics.drift.detector import fresh, log_prior, mixture, step
from analytics.drift.evidence import log_e
from analytics.drift.reference import fit, padded
from analytics.drift.scores import numeric_scores
from analytics.drift.table import ScoreTable
from bench.drift.families import invent
from bench.drift.looks import hours_of
from bench.drift.nulls import REFERENCE_H
from bench.drift.peers.run import asked
from bench.drift.peers.streams import Stream
from bench.drift.report import Row
from bench.drift.size import Size

SERIES, TOGETHER = 10_000, 250
PER_HOUR = (100, 1_000)


def rows(size: Size) -> Iterator[Row]:
    """Yield seconds and memory of a look, then the ratio to Evidently."""
    spent = [_in_process(per_hour) for per_hour in PER_HOUR]
    for per_hour, (look_s, fit_ms, memory_mb, rows_read) in zip(PER_HOUR, spent, strict=True):
        yield Row(
            "E1",
            f"a look over {SERIES:,} series of {per_hour}/h, one core",
            "<= 4 s, <= 1 GB",
            f"{look_s:.2f} s, {memory_mb:.0f} MB; {rows_read:,} rows of counts; fit {fit_ms:.1f} ms a series",
        )
    yield Row("E2", "ten times the spans", "<= x1.5", f"x{spent[1][0] / spent[0][0]:.2f}")
    yield from _beside_evidently(size)


def _in_process(per_hour: int) -> tuple[float, float, float, int]:
    """Return what a look takes, in a process of its own whose memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe()
    process = spawn.Process(target=_look, args=(per_hour, sender))
    process.start()
    # without ours only its own end is open: when it dies, there is an end to wait for
    sender.close()
    told = receiver.recv()
    process.join()
    return told  # type: ignore[no-any-return]


def _look(per_hour: int, sender: Connection) -> None:
    rng = np.random.default_rng(0)
    made = [invent(rng, "diurnal", per_hour, REFERENCE_H + 1) for _ in range(20)]
    scores = [numeric_scores(one.ids, one.counts[:-1].sum(0)) for one in made]
    hours = hours_of(REFERENCE_H + 1, 1)
    width = max(len(one.names) for one in scores)
    each = [score.sums(one.ids, one.counts) for score, one in zip(scores, made, strict=True)]
    sums = padded(each, width)
    n = np.stack([one.counts.sum(1) for one in made], 1).astype(float)
    start = time.process_time()
    some = [number % len(made) for number in range(TOGETHER)]
    # so many at a time, for memory: all that a fit works on stands beside it
    group = fit([scores[one] for one in some], hours[:-1], sums[:-1, some], n[:-1, some])
    fit_ms = 1000 * (time.process_time() - start) / TOGETHER
    table = ScoreTable([scores[number % len(made)] for number in range(SERIES)])
    states = [fresh(group) for _ in range(SERIES // TOGETHER)]
    prior = log_prior(group)
    series, ids, counts = _rows(made)
    start = time.process_time()
    now, spans = table.sums(series, ids, counts)
    for place in range(len(states)):
        part = slice(place * TOGETHER, (place + 1) * TOGETHER)
        evidence = log_e(group, hours[-1:], now[None, part], spans[None, part])
        states[place] = step(states[place], evidence[0], group.buckets)
        mixture(states[place], prior)
    look_s = time.process_time() - start
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send((look_s, fit_ms, memory_mb, len(counts)))


def _rows(made: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the last hour's counts of every series, as the store gives them."""
    some = [np.flatnonzero(one.counts[-1]) for one in made]
    each = [number % len(made) for number in range(SERIES)]
    series = np.repeat(np.arange(SERIES), [len(some[one]) for one in each])
    ids = np.concatenate([made[one].ids[some[one]] for one in each])
    return series, ids, np.concatenate([made[one].counts[-1][some[one]] for one in each]).astype(float)


def _beside_evidently(size: Size) -> Iterator[Row]:
    """Yield seconds of a comparison of n learned values with n new ones, ours and Evidently's."""
    for n in size.compared:
        rng = np.random.default_rng(0)
        values = np.exp(rng.normal(size=2 * n))
        hours = np.repeat([0, 47], n)
        told = asked("on_evidently_clock", [Stream(values, hours, 24)])
        theirs = told.get("seconds")
        ours = _compared(n)
        if theirs is None:
            beside, ratio = f"Evidently: {told}", ""
        else:
            seconds = theirs[0][0] / 1000
            beside, ratio = f"Evidently {seconds:.3g} s", f", 1/{seconds / ours:.0f} of Evidently"
        measure = f"{n:,} values beside as many: fit and 24 looks on counts"
        yield Row("E2", measure, "-", f"{ours:.4f} s{ratio}", beside)


def _compared(n: int) -> float:
    one = invent(np.random.default_rng(0), "iid", n / REFERENCE_H, REFERENCE_H + 24)
    learned = slice(REFERENCE_H)
    hours = hours_of(REFERENCE_H + 24, 1)
    start = time.process_time()
    scores = numeric_scores(one.ids, one.counts[learned].sum(0))
    sums, spans = scores.sums(one.ids, one.counts)[:, None], one.counts.sum(1)[:, None].astype(float)
    reference = fit([scores], hours[learned], sums[learned], spans[learned])
    log_e(reference, hours[REFERENCE_H:], sums[REFERENCE_H:], spans[REFERENCE_H:])
    return time.process_time() - start
