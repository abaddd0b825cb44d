"""Rows A1 to A3: how often healthy series alarm."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from analytics.drift.budget import log_threshold
from bench.drift.families import FAMILIES, NUMERIC, invent
from bench.drift.looks import Scored, paths, scored
from bench.drift.report import Row, rate, share
from bench.drift.size import Size

RATES = (5, 10, 20, 50, 100, 200, 500, 1000)
REFERENCE_H, MONTH_H = 28 * 24, 30 * 24
# 2,000 series and 12 false alarms a year: .0005 for each month of a series
SERIES, BUDGET_PER_H = 2_000, 12 / 8_766


def rows(size: Size) -> Iterator[Row]:
    """Yield the rows of hourly and of five-minute looks."""
    tops = {family: _tops(size, family, size.null_series // len(FAMILIES), 1) for family in FAMILIES}
    yield _alarms("A1", "healthy series, hourly looks: false alarms per series-month", tops, 0.0015)
    worst = max(tops, key=lambda family: (tops[family][0] >= 0).mean())
    yield Row(
        "A1",
        f"the worst family ({worst})",
        "<= .006",
        rate(int((tops[worst][0] >= 0).sum()), len(tops[worst][0])),
    )
    nominal = np.concatenate([one[1] for one in tops.values()])
    for level, required in ((0.1, "<= .1"), (0.01, "<= .01"), (0.001, "<= .002")):
        some = int((nominal >= -np.log(level)).sum())
        yield Row("A3", f"false alarms in a month at nominal {level}", required, share(some, len(nominal)))
    fast = {
        family: _tops(size, family, size.fast_series // len(FAMILIES), 12, first=6) for family in FAMILIES
    }
    yield _alarms("A2", "the same, five-minute looks", fast, 0.005)


def _alarms(number: str, measure: str, tops: dict[str, tuple[np.ndarray, np.ndarray]], limit: float) -> Row:
    every = np.concatenate([one[0] for one in tops.values()])
    got = f"{rate(int((every >= 0).sum()), len(every))}, n = {len(every):,}"
    return Row(number, measure, f"<= {limit}", got)


def _tops(
    size: Size, family: str, series: int, buckets_per_h: int, first: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return each series' highest evidence in a month, beside its threshold and a nominal level of one."""
    chosen = [_one(size.seed, family, number, buckets_per_h, first) for number in range(series)]
    beside, nominal = [], []
    for path in paths(chosen, REFERENCE_H * buckets_per_h, bucket_h=1 / buckets_per_h):
        top = path.log_m.max()
        beside.append(top - log_threshold(SERIES, path.bucket_h, BUDGET_PER_H))
        nominal.append(top - np.log(MONTH_H / path.bucket_h))
    return np.array(beside), np.array(nominal)


def _one(seed: int, family: str, number: int, buckets_per_h: int, first: int) -> Scored:
    rng = np.random.default_rng([seed, 0, FAMILIES.index(family), number])
    per_hour = (RATES[first:] if first else RATES)[number % len(RATES[first:])]
    make = partial(invent, rng, family, per_hour, REFERENCE_H + MONTH_H, buckets_per_h=buckets_per_h)
    return scored(make(), family in NUMERIC, REFERENCE_H * buckets_per_h)
