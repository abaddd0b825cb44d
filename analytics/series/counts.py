"""Counts: what was counted of series, by the hour, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analytics.series.key import SeriesKey
from collector.store.statement import statement
from collector.store.store import Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR_S = 3600
CATEGORIES_MAX = 100_000


class Place(NamedTuple):
    """Which series: an id is of one project."""

    project: str
    series: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which series are read; what is empty filters nothing.

    Parameters
    ----------
    environment, version
        ``*`` is any: an environment may be without a name, and a call without the version of its agent.
    """

    project: str = ""
    environment: str = "*"
    metric: str = ""
    series: Sequence[int] = ()
    version: str = "*"

    @property
    def parameters(self) -> dict[str, object]:
        """As statements take it."""
        return {
            "project": self.project,
            "environment": self.environment,
            "agent_version": self.version,
            "metric": self.metric,
            "series": list(self.series),
        }


EVERY = Filter()


@dataclass(frozen=True, slots=True)
class Totals:
    """Calls and traces of one series by the hour.

    Parameters
    ----------
    hours : shape (n,)
        Beginnings, in seconds since the epoch, ascending.
    calls, traces : shape (n,)
    """

    key: SeriesKey
    hours: Ints
    calls: Floats
    traces: Floats


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one series.

    Parameters
    ----------
    hours, items, calls : shape (n,)
        Of each count, by hour and item.
    """

    hours: Ints
    items: Ints
    calls: Floats

    def matrix(self, hours: Ints) -> tuple[Ints, Floats]:
        """Return the items, ascending, and how often each was counted in each of these hours.

        Returns
        -------
        items : shape (items,)
        calls : shape (hours, items)
        """
        items, column = np.unique(self.items, return_inverse=True)
        row = np.searchsorted(hours, self.hours)
        some = (row < len(hours)) & (hours[np.minimum(row, len(hours) - 1)] == self.hours)
        found = np.zeros((len(hours), len(items)))
        np.add.at(found, (row[some], column[some]), self.calls[some])
        return items, found


def totals(store: Store, start: datetime, end: datetime, of: Filter = EVERY) -> Mapping[Place, Totals]:
    """Return what is counted in [start, end), by series."""
    table = store.columns(statement(__package__, "totals_by_hour.sql"), _period(start, end) | of.parameters)
    found: dict[Place, Totals] = {}
    for place, rows in _by_series(table).items():
        some = table.slice(rows.start, rows.stop - rows.start)
        names = [some.column(name)[0].as_py() for name in SeriesKey._fields]
        hours, calls, traces = (some.column(name).to_numpy() for name in ("hour_s", "calls", "traces"))
        found[place] = Totals(SeriesKey(*names), hours, calls, traces)
    return found


def counts(store: Store, start: datetime, end: datetime, of: Filter = EVERY) -> Mapping[Place, Counts]:
    """Return what is counted in [start, end), by series and item."""
    table = store.columns(statement(__package__, "counts_by_hour.sql"), _period(start, end) | of.parameters)
    hours, items, calls = (table.column(name).to_numpy() for name in ("hour_s", "item", "calls"))
    return {place: Counts(hours[rows], items[rows], calls[rows]) for place, rows in _by_series(table).items()}


def categories(store: Store, start: datetime, end: datetime, of: Filter) -> Mapping[int, str]:
    """Return the names of items that are categories."""
    parameters = _period(start, end) | of.parameters | {"rows_max": CATEGORIES_MAX}
    rows = store.query(statement(__package__, "categories.sql"), parameters)
    return {row["item"]: row["name"] for row in rows}


def middles_h(beginnings_s: Ints, bucket_h: int) -> Floats:
    """Return the middles of buckets in hours since the epoch."""
    return np.asarray(beginnings_s / HOUR_S + bucket_h / 2)


def _period(start: datetime, end: datetime) -> dict[str, object]:
    return {"from_s": int(start.timestamp()), "until_s": int(end.timestamp())}


def _by_series(table: pa.Table) -> Mapping[Place, slice]:
    """Return where the rows of each series stand; they are in that order."""
    if not table.num_rows:
        return {}
    series = table.column("series").to_numpy()
    project = table.column("project").combine_chunks().dictionary_encode()
    codes, names = project.indices.to_numpy(), project.dictionary.to_pylist()
    changes = np.flatnonzero((series[1:] != series[:-1]) | (codes[1:] != codes[:-1])) + 1
    starts = [0, *changes.tolist(), table.num_rows]
    return {
        Place(names[codes[start]], int(series[start])): slice(start, end) for start, end in pairwise(starts)
    }
