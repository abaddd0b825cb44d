"""Rows A1 to A3: how often healthy series alarm."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analytics.drift.budget import log_threshold
from bench.drift.families import FAMILIES, NUMERIC, invent
from bench.drift.looks import Path, Scored, paths, scored
from bench.drift.report import Row, rate, share
from bench.drift.size import Size

Floats = NDArray[np.float64]

RATES = (5, 10, 20, 50, 100, 200, 500, 1000)
REFERENCE_H, MONTH_H = 28 * 24, 30 * 24
# 2,000 series and 12 false alarms a year: .0005 for each month of a series
SERIES, BUDGET_PER_H = 2_000, 12 / 8_766


def rows(size: Size) -> Iterator[Row]:
    """Yield the rows of hourly looks, family by family."""
    nominal, beside = [], []
    for family in FAMILIES:
        tops, levels = _tops(size, family, size.null_series // len(FAMILIES), 1)
        nominal.append(levels)
        beside.append(tops)
        yield alarms(
            "A1", f"healthy {family} series, hourly looks: false alarms per series-month", tops, 0.006
        )
    yield alarms("A1", "all of them", np.concatenate(beside), 0.0015)
    every = np.concatenate(nominal)
    for level, required in ((0.1, "<= .1"), (0.01, "<= .01"), (0.001, "<= .002")):
        some = int((every >= -np.log(level)).sum())
        yield Row("A3", f"false alarms in a month at nominal {level}", required, share(some, len(every)))


def fast_rows(size: Size) -> Iterator[Row]:
    """Yield the row of five-minute looks."""
    series = size.fast_series // len(FAMILIES)
    tops = [_tops(size, family, series, 12, first=4)[0] for family in FAMILIES]
    what = "healthy series, 100-1000/h, five-minute looks: false alarms per series-month"
    yield alarms("A2", what, np.concatenate(tops), 0.005)


def alarms(number: str, measure: str, tops: Floats, limit: float) -> Row:
    """Return the row of series' highest evidence, each beside its threshold."""
    some = int((tops >= 0).sum())
    got = f"{some} of {len(tops):,}: {rate(some, len(tops))}; nearest {tops.max():+.1f}"
    return Row(number, measure, f"<= {limit}", got)


def _tops(size: Size, family: str, series: int, buckets_per_h: int, first: int = 0) -> tuple[Floats, Floats]:
    """Return each series' highest evidence in a month, beside its threshold and a nominal level of one."""
    chosen = [_one(size.seed, family, number, buckets_per_h, first) for number in range(series)]
    beside, nominal = [], []
    for path in paths(chosen, REFERENCE_H * buckets_per_h, bucket_h=1 / buckets_per_h):
        top = path.log_m.max()
        beside.append(beyond(path))
        nominal.append(top - np.log(MONTH_H / path.bucket_h))
    return np.array(beside), np.array(nominal)


def beyond(path: Path) -> float:
    """Return by how much the highest evidence is beyond the threshold."""
    return float(path.log_m.max()) - log_threshold(SERIES, path.bucket_h, BUDGET_PER_H)


def _one(seed: int, family: str, number: int, buckets_per_h: int, first: int) -> Scored:
    rng = np.random.default_rng([seed, 0, FAMILIES.index(family), number])
    per_hour = (RATES[first:] if first else RATES)[number % len(RATES[first:])]
    make = partial(invent, rng, family, per_hour, REFERENCE_H + MONTH_H, buckets_per_h=buckets_per_h)
    return scored(make(), family in NUMERIC, REFERENCE_H * buckets_per_h)
