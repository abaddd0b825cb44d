"""One side of a comparison: what was counted of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from analytics.drift.matched import Counted
from analytics.series.counts import HOUR_S, Counts, Filter, Totals, categories, counts, totals
from analytics.series.window import Window
from collector.store.store import Store

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which series are compared; '' is every one."""

    environment: str = ""
    agent: str = ""
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """Reads what was counted in a window, which has a time and a project."""

    store: Store
    window: Window
    chosen: Chosen

    @property
    def hours(self) -> Ints:
        """The hours of the window, since the epoch."""
        return np.arange(self.window.hours.start, self.window.hours.stop)

    def totals(self) -> Mapping[int, Totals]:
        """Return the calls of each series that is asked for."""
        found = totals(self.store, *self.period(), self._of(self.chosen.metric))
        return {
            place.series: one
            for place, one in found.items()
            if self.chosen.agent in ("", one.key.agent) and one.calls.sum()
        }

    def counts(self, metric: str, series: Sequence[int]) -> Mapping[int, Counts]:
        """Return what is counted of these series, of one metric or, by '', of several."""
        found = counts(self.store, *self.period(), self._of(metric, series))
        return {place.series: one for place, one in found.items()}

    def names(self, metric: str, series: Sequence[int]) -> Mapping[int, str]:
        """Return the names of these series' categories, by their items."""
        return categories(self.store, *self.period(), self._of(metric, series))

    def counted(self, found: Counts | None, items: Ints) -> Counted:
        """Return how often each of these items was counted in each hour; nothing was where there is None."""
        every = np.zeros((len(self.hours), len(items)))
        if found is not None:
            own, counted = found.matrix(self.hours * HOUR_S)
            every[:, np.searchsorted(items, own)] = counted
        return Counted(self.hours.astype(np.float64), every)

    def period(self) -> tuple[datetime, datetime]:
        """Return the beginnings of its first hour and of the one after its last."""
        hours = self.window.hours
        start, end = (datetime.fromtimestamp(hour * HOUR_S, UTC) for hour in (hours.start, hours.stop))
        return start, end

    def _of(self, metric: str, series: Sequence[int] = ()) -> Filter:
        return Filter(
            project=self.window.project or "",
            environment=self.chosen.environment or "*",
            metric=metric,
            series=series,
            version="*" if self.window.version is None else self.window.version,
        )
