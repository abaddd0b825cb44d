"""Sketched: sketches of what speakers said, by the hour, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.sketch_reference import SIZE
from analytics.drift.text import BASIS_VERSION
from analytics.series.counts import EVERY, Filter, Place, by_series, period
from analytics.series.key import SeriesKey
from analytics.series.learned import Wanted
from analytics.series.metric import CONTENT
from collector.store.statement import statement
from collector.store.store import Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Whole days: the table forgets an hour after 35 (schema/0075_drift_sketches.sql).
_KEPT = timedelta(days=34)
_UPPER = np.triu_indices(SIZE)
_KIND = {"content": CONTENT, "size": SIZE}


@dataclass(frozen=True, slots=True)
class Sketched:
    """Sketches of one series.

    Parameters
    ----------
    hours : shape (n,)
        Beginnings, in seconds since the epoch, ascending.
    texts, traces : shape (n,)
    sums : shape (n, 64)
        Of the sketches of each hour's texts.
    """

    key: SeriesKey
    hours: Ints
    texts: Floats
    traces: Floats
    sums: Floats

    def matrix(self, hours: Ints) -> tuple[Floats, Floats]:
        """Return sums and texts of some hours, which are in order: nothing where there was none."""
        row = np.searchsorted(hours, self.hours)
        some = (row < len(hours)) & (hours[np.minimum(row, len(hours) - 1)] == self.hours)
        sums, texts = np.zeros((len(hours), SIZE)), np.zeros(len(hours))
        sums[row[some]], texts[row[some]] = self.sums[some], self.texts[some]
        return sums, texts


class Speaker(NamedTuple):
    """A series of what is said, and how many texts there are on each basis."""

    key: SeriesKey
    texts: Mapping[int, int]


def first_sketched(first_kept: date, today: date) -> date:
    """Return the first day of which a project has sketches.

    Parameters
    ----------
    first_kept
        That of which it keeps texts.

    Examples
    --------
    >>> first_sketched(date(2026, 10, 31), date(2026, 11, 30)).isoformat()
    '2026-10-31'
    >>> first_sketched(date(1970, 1, 1), date(2026, 11, 30)).isoformat()
    '2026-10-27'
    """
    return max(first_kept, today - _KEPT)


def speakers(
    store: Store, start: datetime, end: datetime, of: Filter, agent: str = ""
) -> Mapping[int, Speaker]:
    """Return who of a project said something in [start, end), by series.

    Parameters
    ----------
    agent
        Of this one alone; '' is every one.
    """
    parameters = period(start, end) | of.parameters | _KIND | {"agent": agent}
    found: dict[int, Speaker] = {}
    for row in store.query(statement(__package__, "sketch_totals.sql"), parameters):
        key = SeriesKey(*(row[name] for name in SeriesKey._fields))
        known = found.get(row["series"])
        texts = known.texts if known else {}
        found[row["series"]] = Speaker(key, {**texts, row["basis"]: row["texts"]})
    return found


def sketched(
    store: Store, start: datetime, end: datetime, of: Filter = EVERY, basis: int = BASIS_VERSION
) -> Mapping[Place, Sketched]:
    """Return the sketches in [start, end), by series."""
    parameters = period(start, end) | of.parameters | _KIND | {"basis": basis}
    table = store.columns(statement(__package__, "sketches_by_hour.sql"), parameters)
    found: dict[Place, Sketched] = {}
    for place, rows in by_series(table).items():
        some = table.slice(rows.start, rows.stop - rows.start)
        names = [some.column(name)[0].as_py() for name in SeriesKey._fields]
        hours, texts, traces = (some.column(name).to_numpy() for name in ("hour_s", "texts", "traces"))
        sums = some.column("sums").combine_chunks().flatten().to_numpy(zero_copy_only=False)
        each = sums.astype(np.float64).reshape(-1, SIZE)
        found[place] = Sketched(SeriesKey(*names), hours, texts, traces, each)
    return found


def products(store: Store, wanted: Wanted) -> Floats:
    """Return the sum of y y' over the texts that a series is to learn from, shape (64, 64)."""
    place = wanted.place
    found = products_of(
        store, place.project, [place.series], wanted.start, wanted.end, without=wanted.incidents
    )
    return found.get(place.series, np.zeros((SIZE, SIZE)))


def products_of(
    store: Store,
    project: str,
    series: Sequence[int],
    start: datetime,
    end: datetime,
    *,
    basis: int = BASIS_VERSION,
    without: Sequence[tuple[int, int]] = (),
) -> Mapping[int, Floats]:
    """Return the sums of y y' over the texts in [start, end) of some series.

    Parameters
    ----------
    without
        Hours, [begin, end) in seconds since the epoch.
    """
    parameters = {
        **period(start, end),
        **_KIND,
        "basis": basis,
        "project": project,
        "series": list(series),
        "begins": [begin for begin, _ in without],
        "ends": [end for _, end in without],
    }
    rows = store.query(statement(__package__, "sketch_products.sql"), parameters)
    return {row["series"]: _square(row["products"]) for row in rows}


def _square(upper: Sequence[float]) -> Floats:
    found = np.zeros((SIZE, SIZE))
    if len(upper) == len(_UPPER[0]):
        found[_UPPER] = upper
    return found + np.triu(found, 1).T
