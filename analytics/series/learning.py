"""Learning: the references of series, from what was counted of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.merging import FACTORS, SPANS_MIN, merge_factor, merged
from analytics.drift.reference import fit, padded
from analytics.drift.scores import Scores, category_scores, numeric_scores
from analytics.series.counts import HOUR_S, Counts, Filter, Place, categories, counts, middles_h, totals
from analytics.series.kept import Kept, Usual, kept
from analytics.series.learned import Wanted
from analytics.series.metric import metric
from analytics.series.pools import MEMBERS_MIN, Pools
from collector.store.store import Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Learned at once: 28 days of counts of as many are in memory.
SERIES_AT_ONCE = 100
# Of fewer traces even the ranks of their calls say nothing.
TRACES_MIN = 30
# Buckets begin and end with the day, so that series of one kind share them.
DAY_S = 24 * HOUR_S


class _Seen(NamedTuple):
    """What was counted of a series in its hours; `bucket_h` is 0 where it is too sparse for a reference."""

    place: Place
    items: Ints
    calls: Floats
    traces: Floats
    names: Sequence[str]
    scores: Scores
    bucket_h: int


def learn(
    store: Store, project: str, environment: str, name: str, wanted: Sequence[Wanted]
) -> Mapping[Place, Kept | Usual]:
    """Return references of series of one metric.

    Every series reads its own hours: O(hours x items) each, whatever the number of spans behind them.

    Returns
    -------
    Of what is too sparse for a reference, what was usual of it; nothing where that is next to nothing.
    """
    found: dict[Place, Kept | Usual] = {}
    for (start, end), alike in _by_period(wanted).items():
        for first in range(0, len(alike), SERIES_AT_ONCE):
            some = {one.place: one for one in alike[first : first + SERIES_AT_ONCE]}
            of = Filter(project, environment, name, [place.series for place in some])
            hours = _hours(start, end)
            found |= _fitted(hours, list(_seen(store, start, end, of, some, hours)))
    return found


def learn_pools(store: Store, pools: Pools, wanted: Sequence[Wanted]) -> Mapping[Place, Kept | Usual]:
    """Return references of pools, as `learn` does of series."""
    found: dict[Place, Kept | Usual] = {}
    for (start, end), alike in _by_period(wanted).items():
        hours = _hours(start, end)
        for one in alike:
            if len(pools.members.get(one.place, ())) < MEMBERS_MIN:
                continue
            of_hours = pools.counts(store, start, end, one.place), pools.traces(store, start, end, one.place)
            seen = _of_hours(*of_hours, one, hours, None)
            found |= _fitted(hours, [seen] if seen else [])
    return found


def _by_period(wanted: Sequence[Wanted]) -> Mapping[tuple[datetime, datetime], list[Wanted]]:
    periods: dict[tuple[datetime, datetime], list[Wanted]] = defaultdict(list)
    for one in wanted:
        periods[one.start, one.end].append(one)
    return periods


def _hours(start: datetime, end: datetime) -> Ints:
    return np.arange(int(start.timestamp()), int(end.timestamp()), HOUR_S)


def _seen(
    store: Store,
    start: datetime,
    end: datetime,
    of: Filter,
    wanted: Mapping[Place, Wanted],
    hours: Ints,
) -> Iterator[_Seen]:
    counted, summed = counts(store, start, end, of), totals(store, start, end, of)
    is_category = metric(of.metric).kind == "category"
    names = categories(store, start, end, of) if is_category else {}
    for place, one in wanted.items():
        if place in counted and place in summed:
            traces = np.zeros(len(hours))
            traces[np.searchsorted(hours, summed[place].hours)] = summed[place].traces
            seen = _of_hours(counted[place], traces, one, hours, names if is_category else None)
            if seen is not None:
                yield seen


def _of_hours(
    counted: Counts, traces: Floats, wanted: Wanted, hours: Ints, names: Mapping[int, str] | None
) -> _Seen | None:
    items, calls = counted.matrix(hours)
    for begin, end in wanted.incidents:
        calls[(hours >= begin) & (hours < end)] = 0
        traces = np.where((hours >= begin) & (hours < end), 0, traces)
    some = calls.any(0)
    items, calls = items[some], calls[:, some]
    first = int(np.argmax(calls.any(1)))
    bucket_h = merge_factor(calls[first:].sum(1))
    if calls[first:].sum(1).mean() * bucket_h < SPANS_MIN and bucket_h == FACTORS[-1]:
        bucket_h = 0
    if not bucket_h and traces[calls.any(1)].sum() < TRACES_MIN:
        return None
    words = [names.get(int(item), "") for item in items] if names is not None else []
    of_all = calls.sum(0)
    scores = numeric_scores(items, of_all) if names is None else category_scores(items, of_all, words)
    return _Seen(wanted.place, items, calls, traces, words, scores, bucket_h)


def _fitted(hours: Ints, every: Sequence[_Seen]) -> Mapping[Place, Kept | Usual]:
    alike: dict[tuple[int, int], list[_Seen]] = defaultdict(list)
    found: dict[Place, Kept | Usual] = {}
    for one in every:
        if one.bucket_h:
            alike[one.bucket_h, one.scores.smooth].append(one)
        else:
            found[one.place] = Usual(one.items, one.calls.sum(0), np.array(one.names, np.str_))
    for (bucket_h, _), some in alike.items():
        middles = middles_h(hours[::bucket_h], bucket_h)
        sums = [merged(one.scores.sums(one.items, one.calls), bucket_h) for one in some]
        reference = fit(
            [one.scores for one in some],
            middles,
            padded(sums, max(one.shape[1] for one in sums)),
            np.stack([merged(one.calls.sum(1), bucket_h) for one in some], 1),
            bucket_h=bucket_h,
            traces=np.stack([merged(one.traces, bucket_h) for one in some], 1),
        )
        for number, one in enumerate(some):
            found[one.place] = kept(reference, number, one.items, one.calls.sum(0), one.names)
    return found
