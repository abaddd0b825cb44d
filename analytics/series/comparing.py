"""Comparing: reads two windows of what was counted and says which series differ."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from analytics.api.drift_models import ComparedSeries, Comparison
from analytics.drift.matched import matched
from analytics.series.compared import compared_series
from analytics.series.comparing_content import ContentComparing
from analytics.series.comparison import Judged, Limits, discovery_rates, judged
from analytics.series.counts import Totals
from analytics.series.side import Chosen, Side
from analytics.series.window import Window
from collector.store.store import Store

# Series that are compared, the most called: what a project has kept at most in an hour.
SERIES_MAX = 2_000
# Counts that are read at a time, by the guess below: 100 MB or so. Each portion reads its windows anew, of
# one metric a part of them.
_COUNTS_MAX = 4_000_000
# What an hour of a series holds of different items, at most as a rule.
_ITEMS = 100
_VERDICTS = ("differs", "unknown", "alike")


def compare(
    store: Store,
    first_sketched: Callable[[str], date],
    first: Window,
    second: Window,
    chosen: Chosen,
    limits: Limits,
) -> Comparison:
    """Return every series of two windows, those that differ first.

    Parameters
    ----------
    first_sketched
        Returns the first day of which sketches of a project are kept.
    first, second
        With times and projects.
    """
    sides = [Side(store, window, chosen) for window in (first, second)]
    calls = [side.totals() for side in sides]
    every = {series: one for side in calls for series, one in side.items()}
    most = sorted(every, key=lambda series: -sum(_calls(side, series) for side in calls))
    found = [
        one
        for some in _portions({series: every[series] for series in most[:SERIES_MAX]}, calls)
        for one in _judged(sides, some, limits)
    ]
    contents = ContentComparing(sides, limits, first_sketched)
    found += contents.judged()
    rates = discovery_rates(found)
    words = contents.words(found, rates)
    items = [
        compared_series(one, rate, limits, words.get(one.series, []))
        for one, rate in zip(found, rates, strict=True)
    ]
    items.sort(key=_order)
    return Comparison(
        before=first.text,
        after=second.text,
        compared=sum(one.verdict != "unknown" for one in items),
        differing=sum(one.verdict == "differs" for one in items),
        unknown=sum(one.verdict == "unknown" for one in items),
        left_out=max(len(most) - SERIES_MAX, 0) + contents.left_out,
        discovery_rate=limits.discovery_rate,
        margin=limits.margin,
        cut=contents.cut or None,
        items=items,
    )


def _calls(side: Mapping[int, Totals], series: int) -> float:
    return float(side[series].calls.sum()) if series in side else 0.0


def _portions(
    every: Mapping[int, Totals], calls: Sequence[Mapping[int, Totals]]
) -> Iterator[Mapping[int, Totals]]:
    """Return the series in portions whose counts are read at a time: of one metric where that has many."""
    portion: dict[int, Totals] = {}
    size, metric = 0.0, ""
    for series, one in sorted(every.items(), key=lambda each: each[1].key.metric):
        more = sum(np.minimum(side[series].calls, _ITEMS).sum() for side in calls if series in side)
        full = size + more > (_COUNTS_MAX if one.key.metric == metric else _COUNTS_MAX / 8)
        if portion and full:
            yield portion
            portion, size = {}, 0.0
        portion[series] = one
        size, metric = size + more, one.key.metric
    if portion:
        yield portion


def _judged(sides: Sequence[Side], of: Mapping[int, Totals], limits: Limits) -> Iterable[Judged]:
    metrics = {one.key.metric for one in of.values()}
    metric = metrics.pop() if len(metrics) == 1 else ""
    read = [side.counts(metric, list(of)) for side in sides]
    named = [series for series, one in of.items() if one.key.measure.kind == "category"]
    names: dict[int, str] = {}
    for side in sides if named else ():
        names |= side.names(metric, named)
    for series, one in of.items():
        items = np.unique(np.concatenate([[], *(side[series].items for side in read if series in side)]))
        items = items.astype(np.int64)
        words = [names.get(int(item), "") for item in items] if series in named else []
        parts = [side.counted(found.get(series), items) for side, found in zip(sides, read, strict=True)]
        yield judged(one.key, series, matched(items, words, *parts), limits)


def _order(one: ComparedSeries) -> tuple[int, float, int]:
    """Those that differ first, the surest first; then the most called."""
    surest = one.discovery_rate if one.verdict == "differs" else None
    return _VERDICTS.index(one.verdict), surest or 0.0, -one.calls_before - one.calls_after
