"""Tallying: how much came of series that warm up on each day since they began, from what was counted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from analytics.series.counts import Filter, Place, Totals, totals
from analytics.series.learned import Learned
from analytics.series.learning import DAY_S, SERIES_AT_ONCE
from analytics.series.metric import metric
from analytics.series.sketched import Sketched, sketched
from analytics.series.tally import NOTHING, Tally, first_s
from collector.store.store import Store


def tallied(store: Store, known: Mapping[Place, Learned], now_s: int) -> dict[Place, Learned]:
    """Return those of which days since they began are in no tally, with them.

    At midnight only the day before is added: of a series that began anew in the past, or was known before
    there were tallies, the others are read here, once.
    """
    until_s = now_s // DAY_S * DAY_S
    return {
        place: replace(known[place], tally=tally)
        for of, places in _untallied(known, until_s).items()
        for first in range(0, len(places), SERIES_AT_ONCE)
        for place, tally in _tallies(store, of, known, places[first : first + SERIES_AT_ONCE], until_s)
    }


def _untallied(known: Mapping[Place, Learned], until_s: int) -> Mapping[tuple[str, str, str], list[Place]]:
    """Return which they are, by project, environment and metric."""
    found: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for place, one in known.items():
        # what a pool waits for are its members
        if one.reference is None and not one.key.is_pool and one.tally.lacks(one.from_s, until_s):
            found[one.key.project, one.key.environment, one.key.metric].append(place)
    return found


def _tallies(
    store: Store,
    of: tuple[str, str, str],
    known: Mapping[Place, Learned],
    places: Sequence[Place],
    until_s: int,
) -> Iterator[tuple[Place, Tally]]:
    firsts_s = [first_s(known[place].from_s, until_s) for place in places]
    start, end = (datetime.fromtimestamp(at_s, UTC) for at_s in (min(firsts_s), until_s))
    one = Filter(*of, series=[place.series for place in places])
    came: Mapping[Place, Totals | Sketched] = (
        sketched(store, start, end, one)
        if metric(one.metric).kind == "content"
        else totals(store, start, end, one)
    )
    for place, from_s in zip(places, firsts_s, strict=True):
        yield place, _tally(came.get(place), from_s, until_s)


def _tally(came: Totals | Sketched | None, from_s: int, until_s: int) -> Tally:
    days = np.zeros((2, (until_s - from_s) // DAY_S))
    if came is not None:
        calls = came.calls if isinstance(came, Totals) else came.texts
        some = came.hours >= from_s
        day = (came.hours[some] - from_s) // DAY_S
        for row, values in zip(days, (calls, came.traces), strict=True):
            np.add.at(row, day, values[some])
    found = NOTHING
    for number, of_day in enumerate(days.T, start=1):
        found = found.with_day(from_s + number * DAY_S, *of_day)
    return found
