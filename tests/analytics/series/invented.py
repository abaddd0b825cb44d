"""Invented counts of series, written down as `count_hour.sql` does."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from analytics.drift.bins import bins_of
from analytics.series.key import SeriesKey
from collector.store.store import Store

KEY = SeriesKey("default", "production", "coder", "chat", "gpt-5", "duration")
OUTCOME = KEY._replace(metric="outcome")
HOUR_S = 3600
DAY_S = 24 * HOUR_S

Rows = list[dict[str, object]]


def numbers(key: SeriesKey, hour_s: int, values: np.ndarray, version: str = "") -> Rows:
    """Rows of an hour of a metric that is a number."""
    bins, n = np.unique(bins_of(values), return_counts=True)
    return _rows(key, hour_s, [("", int(one)) for one in bins], n.tolist(), version)


def categories(key: SeriesKey, hour_s: int, values: Iterable[str], version: str = "") -> Rows:
    """Rows of an hour of a metric that is a category."""
    names, n = np.unique(list(values), return_counts=True)
    return _rows(key, hour_s, [(str(one), 0) for one in names], n.tolist(), version)


def write(store: Store, rows: Rows, counted: int = 1) -> None:
    """Write rows down, as counted for this time."""
    table = pa.Table.from_pylist([row | {"version": counted} for row in rows])
    hours = table.column("hour").cast(pa.timestamp("s", "UTC"))
    table = table.set_column(table.column_names.index("hour"), "hour", hours)
    store.insert("drift_counts", table)


def lognormal(hour_s: int, calls: float, median: float, chance: np.random.Generator) -> np.ndarray:
    """Values of an hour, larger by day."""
    by_day = 1 + 0.2 * np.sin(2 * np.pi * (hour_s % DAY_S) / DAY_S)
    return chance.lognormal(np.log(median * by_day), 0.8, chance.poisson(calls))


def _rows(key: SeriesKey, hour_s: int, items: list[tuple[str, int]], n: list[int], version: str) -> Rows:
    return [
        {
            **key._asdict(),
            "hour": hour_s,
            "agent_version": version,
            "category": category,
            "bin": bin_,
            "n": count,
            "traces": sum(n) if number == 0 else 0,
        }
        for number, ((category, bin_), count) in enumerate(zip(items, n, strict=True))
    ]
