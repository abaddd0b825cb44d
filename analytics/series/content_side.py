"""What speakers said on one side of a comparison, as sketches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.drift.contents import Contents
from analytics.drift.sketch_reference import SIZE
from analytics.series.counts import HOUR_S, Filter, Place
from analytics.series.learning import DAY_S
from analytics.series.said import said
from analytics.series.side import Side
from analytics.series.sketched import Speaker, products_of, sketched, speakers
from analytics.series.told_words import Spoken

# Of so many last days answers are read.
_READ_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class ContentSide:
    """Reads what was said in a window of a project."""

    side: Side

    def speakers(self) -> Mapping[int, Speaker]:
        """Return who said something of whom is asked for."""
        chosen = self.side.chosen
        return speakers(self.side.store, *self.side.period(), self._of(), chosen.agent)

    def contents(self, series: Sequence[int], basis: int) -> Iterator[Contents]:
        """Return what each of these speakers said."""
        store, period = self.side.store, self.side.period()
        found = sketched(store, *period, self._of(series), basis)
        of_all = products_of(store, self._project, series, *period, basis=basis)
        for one in series:
            seen = found.get(Place(self._project, one))
            if seen is None or one not in of_all:
                yield Contents(np.zeros(0), np.zeros(0), np.zeros((0, SIZE)), np.zeros((SIZE, SIZE)))
            else:
                yield Contents(seen.hours / HOUR_S, seen.texts, seen.sums, of_all[one])

    def spoken(self, speaker: Speaker) -> Spoken:
        """Return a bounded number of answers of the window's last days."""
        start, end = (int(at.timestamp()) for at in self.side.period())
        key, hours = speaker.key._replace(project=self._project), (max(start, end - _READ_S), end)
        return Spoken(key, hours, said(self.side.store, key, hours))

    @property
    def _project(self) -> str:
        return self.side.window.project or ""

    def _of(self, series: Sequence[int] = ()) -> Filter:
        return Filter(self._project, self.side.chosen.environment or "*", series=series)
