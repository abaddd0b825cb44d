"""Comparing: reads two windows of what was counted and says which series differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from analytics.api.drift_models import ComparedSeries, Comparison
from analytics.drift.matched import Counted, matched
from analytics.series.compared import compared_series
from analytics.series.comparison import Judged, Limits, discovery_rates, judged
from analytics.series.counts import HOUR_S, Counts, Filter, Totals, categories, counts, totals
from analytics.series.window import Window
from collector.store.store import Store

Ints = NDArray[np.int64]

# Series that are compared, the most called: what a project has kept at most in an hour.
SERIES_MAX = 2_000
# Counts that are read at a time: about 100 MB.
_COUNTS_MAX = 1_000_000
# What an hour of a series holds of different items, at a guess.
_ITEMS = 100
_VERDICTS = ("differs", "unknown", "alike")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which series are compared; '' is every one."""

    environment: str = ""
    agent: str = ""
    metric: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """One window of the store."""

    store: Store
    window: Window
    chosen: Chosen

    @property
    def project(self) -> str:
        return self.window.project or ""

    @property
    def hours(self) -> Ints:
        return np.arange(self.window.hours.start, self.window.hours.stop)

    def of(self, series: Sequence[int] = ()) -> tuple[Store, datetime, datetime, Filter]:
        hours = self.window.hours
        start, end = (datetime.fromtimestamp(hour * HOUR_S, UTC) for hour in (hours.start, hours.stop))
        version = "*" if self.window.version is None else self.window.version
        environment = self.chosen.environment or "*"
        return self.store, start, end, Filter(self.project, environment, self.chosen.metric, series, version)

    def totals(self) -> Mapping[int, Totals]:
        """Return the calls of each series that is asked for."""
        return {
            place.series: one
            for place, one in totals(*self.of()).items()
            if self.chosen.agent in ("", one.key.agent) and one.calls.sum()
        }

    def counts(self, series: Sequence[int]) -> Mapping[int, Counts]:
        return {place.series: one for place, one in counts(*self.of(series)).items()}


def compare(store: Store, first: Window, second: Window, chosen: Chosen, limits: Limits) -> Comparison:
    """Return every series of two windows, those that differ first.

    Parameters
    ----------
    first, second
        With times and projects.
    """
    sides = [_Side(store, window, chosen) for window in (first, second)]
    calls = [side.totals() for side in sides]
    every = {series: one for side in calls for series, one in side.items()}
    most = sorted(every, key=lambda series: -sum(_calls(side, series) for side in calls))
    found = [
        one
        for some in _portions(most[:SERIES_MAX], calls)
        for one in _judged(sides, {series: every[series] for series in some}, limits)
    ]
    rates = discovery_rates(found)
    items = [compared_series(one, rate, limits) for one, rate in zip(found, rates, strict=True)]
    items.sort(key=_order)
    return Comparison(
        before=first.text,
        after=second.text,
        compared=sum(one.verdict != "unknown" for one in items),
        differing=sum(one.verdict == "differs" for one in items),
        unknown=sum(one.verdict == "unknown" for one in items),
        left_out=max(len(most) - SERIES_MAX, 0),
        discovery_rate=limits.discovery_rate,
        margin=limits.margin,
        items=items,
    )


def _calls(side: Mapping[int, Totals], series: int) -> float:
    return float(side[series].calls.sum()) if series in side else 0.0


def _portions(series: Sequence[int], calls: Sequence[Mapping[int, Totals]]) -> Iterator[list[int]]:
    """Return the series in portions whose counts are read at a time."""
    portion: list[int] = []
    size = 0.0
    for one in series:
        more = sum(np.minimum(side[one].calls, _ITEMS).sum() for side in calls if one in side)
        if portion and size + more > _COUNTS_MAX:
            yield portion
            portion, size = [], 0.0
        portion.append(one)
        size += more
    if portion:
        yield portion


def _judged(sides: Sequence[_Side], of: Mapping[int, Totals], limits: Limits) -> Iterable[Judged]:
    read = [side.counts(list(of)) for side in sides]
    named = [series for series, one in of.items() if one.key.measure.kind == "category"]
    names: dict[int, str] = {}
    for side in sides if named else ():
        names |= categories(*side.of(named))
    for series, one in of.items():
        items = np.unique(np.concatenate([[], *(side[series].items for side in read if series in side)]))
        words = [names.get(int(item), "") for item in items] if series in named else []
        parts = [_counted(side, found.get(series), items) for side, found in zip(sides, read, strict=True)]
        yield judged(one.key, series, matched(items.astype(np.int64), words, *parts), limits)


def _counted(side: _Side, found: Counts | None, items: Ints) -> Counted:
    """Return the counts of each hour of a window and each of these items."""
    every = np.zeros((len(side.hours), len(items)))
    if found is not None:
        own, counted = found.matrix(side.hours * HOUR_S)
        every[:, np.searchsorted(items, own)] = counted
    return Counted(side.hours.astype(np.float64), every)


def _order(one: ComparedSeries) -> tuple[int, float, int]:
    """Those that differ first, the surest first; then the most called."""
    surest = one.discovery_rate if one.verdict == "differs" else None
    return _VERDICTS.index(one.verdict), surest or 0.0, -one.calls_before - one.calls_after
