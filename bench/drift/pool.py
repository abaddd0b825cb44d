"""Row B8: a change of the model provider that all agents share; row B9: five-minute looks."""

from collections.abc import Iterator

import numpy as np

from analytics.drift.scores import numeric_scores
from analytics.series import counts as series
from analytics.series.counts import Floats, Ints
from analytics.series.key import SeriesKey
from analytics.series.pools import POOL_MARGIN, Member
from bench.drift.delays import BEFORE_H, after
from bench.drift.families import FAMILIES, NUMERIC, Change, Counts, invent
from bench.drift.looks import Scored, paths, scored
from bench.drift.nulls import MONTH_H, REFERENCE_H
from bench.drift.report import Row, delay, share
from bench.drift.size import Size

AGENTS, PER_HOUR = 60, 60
RANKS_H = 14 * 24
KEY = SeriesKey("default", "", "agent", "chat", "gpt-5", "duration")
FAST_BEFORE_H, FAST_AFTER_H = 24, 24


def rows(size: Size) -> Iterator[Row]:
    """Yield the rows of the pool."""
    pools = max(size.repeats // 6, 3)
    for shift, required in ((0.0, "no alarm"), (0.03, "<= 72 h"), (0.1, "<= 5 h")):
        pooled = [_pool(size.seed, shift, number) for number in range(pools)]
        found = list(paths(pooled, REFERENCE_H, margin=POOL_MARGIN))
        what = f"{AGENTS} agents x {PER_HOUR}/h of one provider: median {shift:+.0%}"
        alarms = [after(one) for one in found]
        got = share(sum(one is not None for one in alarms), pools) if not shift else delay(alarms)
        yield Row("B8", what, required, got)
    yield from _fast(size)


def _pool(seed: int, shift: float, number: int) -> Scored:
    """Return a pool as the service has it: ranks are learned before its reference begins."""
    after_ranks = np.arange(REFERENCE_H + MONTH_H) + RANKS_H
    parts = []
    for agent in range(AGENTS):
        rng = np.random.default_rng([seed, 3, number, agent])
        change = Change("median", shift, RANKS_H + REFERENCE_H + BEFORE_H)
        one = invent(rng, "diurnal", PER_HOUR, RANKS_H + REFERENCE_H + MONTH_H, change=change)
        learned = one.counts[:RANKS_H].sum(0)
        some = np.flatnonzero(learned)
        member = Member(KEY, numeric_scores(one.ids[some], learned[some]), RANKS_H)
        hour, place = one.counts.nonzero()
        parts.append(member.ranked(series.Counts(hour, one.ids[place], one.counts[hour, place])))
    every = series.Counts(*(np.concatenate(column) for column in zip(*map(_columns, parts), strict=True)))
    items, total = every.matrix(after_ranks)
    return scored(Counts(items, total.astype(np.float32), total.sum(1)), True, REFERENCE_H)


def _columns(one: series.Counts) -> tuple[Ints, Ints, Floats]:
    return one.hours, one.items, one.calls


def _fast(size: Size) -> Iterator[Row]:
    cases = (("diurnal", "median", 0.5, 30), ("category", "new", 0.2, 20))
    for family, kind, much, minutes in cases:
        change = Change(kind, much, (REFERENCE_H + FAST_BEFORE_H) * 12)
        chosen = []
        for number in range(max(size.repeats // 2, 5)):
            rng = np.random.default_rng([size.seed, 4, FAMILIES.index(family), number])
            hours = REFERENCE_H + FAST_BEFORE_H + FAST_AFTER_H
            one = invent(rng, family, 600, hours, buckets_per_h=12, change=change)
            chosen.append(scored(one, family in NUMERIC, REFERENCE_H * 12))
        found = [after(path, FAST_BEFORE_H) for path in paths(chosen, REFERENCE_H * 12, bucket_h=1 / 12)]
        in_minutes = [None if one is None else round(one * 60) for one in found]
        what = f"five-minute looks, {family}, 600/h: {kind} {much:g}"
        yield Row("B9", what, f"<= {minutes} min", delay(in_minutes, "min"))
