"""The course of a series as rows of a chart: its hours, what is usual, marks, and values side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from analytics.api.drift_models import DriftAlarm, Series, SeriesBucket
from analytics.api.models import Deployment
from dashboard.presentation.drift_alarm import change_name
from dashboard.wording.amount import shortened
from dashboard.wording.measure import measured, percent, scale
from dashboard.wording.moment import moment

Rows = list[dict[str, Any]]

MARKS_MAX = 4
CATEGORIES_MAX = 4
# From this ratio on the largest would leave the others no room on an even scale.
_LOG_FROM = 4.0


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands beside an axis, and whether it is logarithmic."""

    title: str
    is_log: bool = False


def quantile_rows(one: Series) -> tuple[Rows, Axis]:
    """Return each hour with its median and 95 % quantile, and what was usual."""
    known = [bucket.p50 for bucket in one.buckets if bucket.p50 is not None]
    size, unit = scale(one.unit, median(known) if known else 1.0)
    names = ("p50", "p95", "usual_p50", "usual_p95", "usual_low", "usual_high")
    rows: Rows = [
        {
            "hour": bucket.hour[:19] + "Z",
            "at": f"{moment(bucket.hour):%d %b %H:%M}",
            "calls": bucket.calls,
            "median": measured(bucket.p50, one.unit),
            "high": measured(bucket.p95, one.unit),
            "usual": measured(bucket.usual_p50, one.unit),
            **{name: _divided(getattr(bucket, name), size) for name in names},
        }
        for bucket in one.buckets
    ]
    shown = [value for row in rows for name in names if (value := row[name]) is not None]
    is_log = one.unit != "rank" and bool(shown) and min(shown) > 0 and max(shown) / min(shown) > _LOG_FROM
    return rows, Axis(unit, is_log)


def share_rows(one: Series, alarm: DriftAlarm | None) -> Rows:
    """Return each hour with the shares of those categories that moved, or of the commonest."""
    names = categories(one, alarm)
    return [
        {
            "hour": bucket.hour[:19] + "Z",
            "at": f"{moment(bucket.hour):%d %b %H:%M}",
            "category": shortened(name, 40) or "(no name)",
            "share": bucket.shares[name],
            "usual": bucket.usual_shares.get(name),
            "said": percent(bucket.shares[name]),
            "usually": percent(bucket.usual_shares.get(name)),
            "calls": bucket.calls,
        }
        for bucket in one.buckets
        for name in names
        if name in bucket.shares
    ]


def categories(one: Series, alarm: DriftAlarm | None) -> list[str]:
    """Return the categories that are drawn."""
    moved = sorted(alarm.explanation.shares, key=lambda each: -abs(each.after - each.before)) if alarm else []
    sums: dict[str, float] = {}
    for bucket in one.buckets:
        for name, share in bucket.shares.items():
            sums[name] = sums.get(name, 0.0) + share
    common = sorted(sums, key=lambda name: -sums[name])
    drawn = dict.fromkeys([*(each.category for each in moved), *common])
    return [name for name in drawn if sums.get(name)][:CATEGORIES_MAX]


def evidence_rows(one: Series) -> Rows:
    """Return the evidence after each look in powers of ten; below one to one it is nothing.

    Hours without a look are there too, so that it stands below the course at the same places.
    """
    ten = math.log(10)
    if not any(bucket.evidence is not None for bucket in one.buckets):
        return []
    return [
        {
            "hour": bucket.hour[:19] + "Z",
            "evidence": None if bucket.evidence is None else max(bucket.evidence, 0.0) / ten,
            "threshold": None if bucket.threshold is None else bucket.threshold / ten,
        }
        for bucket in one.buckets
    ]


def mark_rows(one: Series, alarm: DriftAlarm | None) -> Rows:
    """Return the known changes in the course that are nearest to the beginning of the drift."""
    begin, end = _span(one)
    if begin is None or end is None:
        return []
    about = moment(alarm.began) if alarm else end
    near = sorted(
        (each for each in one.changes if begin <= moment(each.at) <= end),
        key=lambda each: abs((moment(each.at) - about).total_seconds()),
    )[:MARKS_MAX]
    near.sort(key=lambda each: each.at)
    return [
        {
            "at": each.at[:19] + "Z",
            "told": f"{moment(each.at):%d %b %H:%M}",
            "name": _label(each),
            "step": place,
            "left": _is_late(each, begin, end),
        }
        for place, each in enumerate(near)
    ]


def began_rows(one: Series, alarm: DriftAlarm | None) -> Rows:
    """Return when a drift began, and between what surely, as far as that is in the course."""
    begin, end = _span(one)
    if alarm is None or begin is None or end is None:
        return []
    first, at, last = (moment(text) for text in (alarm.began_first, alarm.began, alarm.began_last))
    if last < begin or first > end:
        return []
    written = {"first": max(first, begin), "at": min(max(at, begin), end), "last": min(last, end)}
    return [{name: f"{when:%Y-%m-%dT%H:%M:%SZ}" for name, when in written.items()} | {"name": "began"}]


def value_rows(one: Series) -> tuple[Rows, Axis]:
    """Return columns of values with their shares before a drift and since."""
    if not one.values:
        return [], Axis("")
    middle = max(one.values, key=lambda each: each.before + each.after)
    size, unit = scale(one.unit, (middle.low + middle.high) / 2)
    rows = [
        {
            "low": each.low / size,
            "high": each.high / size,
            "when": when,
            "share": share,
            "said": f"{measured(each.low, one.unit)} to {measured(each.high, one.unit)}",
            "percent": percent(share),
        }
        for each in one.values
        for when, share in (("before", each.before), ("since", each.after))
    ]
    is_log = one.unit != "rank" and all(each.low > 0 for each in one.values)
    return rows, Axis(unit, is_log)


def moved_rows(alarm: DriftAlarm) -> Rows:
    """Return categories with their shares before and since."""
    return [
        {
            "category": shortened(each.category, 40) or "(no name)",
            "when": when,
            "share": share,
            "percent": percent(share),
        }
        for each in alarm.explanation.shares
        for when, share in (("before", each.before), ("since", each.after))
    ]


def _label(each: Deployment) -> str:
    return shortened(change_name(each), 30)


def _is_late(each: Deployment, begin: datetime, end: datetime) -> bool:
    return (moment(each.at) - begin) > 0.5 * (end - begin)


def _span(one: Series) -> tuple[datetime | None, datetime | None]:
    if not one.buckets:
        return None, None
    return moment(one.buckets[0].hour), moment(one.buckets[-1].hour)


def _divided(value: float | None, size: float) -> float | None:
    return None if value is None else value / size


def answers(buckets: Sequence[SeriesBucket]) -> int:
    """Return how many answers were read."""
    return sum(bucket.calls for bucket in buckets)


def has_calls(buckets: Sequence[Any]) -> bool:
    """Tell whether there is anything to draw."""
    return any(bucket.calls for bucket in buckets)
