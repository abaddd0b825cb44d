"""Reads the course of one series: its hours, what is usual, and its values before a drift and since."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from analytics.api import drift_models as models
from analytics.period import Period
from analytics.rfc3339 import rfc3339
from analytics.series import course
from analytics.series.counts import Counts, Filter, Place, categories, counts
from analytics.series.course import Seen
from analytics.series.metric import RANK_OF, metric
from analytics.series.pools import Pools
from analytics.series.records import Records
from collector.store.statement import statement
from collector.store.store import Store

# A course is of 31 days at most.
LOOKS_MAX = 31 * 24 + 1
# What came after a drift is compared for so long.
SINCE_MAX = timedelta(days=28)


class CourseReader:
    """Reads one series of a project.

    Parameters
    ----------
    row
        Of standing.sql.
    """

    def __init__(self, store: Store, project: str, series: int, row: Mapping[str, Any]) -> None:
        self._store = store
        self._place = Place(project, series)
        self._row = row
        self._of = Filter(project, row["environment"], row["metric"], [series])
        self._is_category = metric(row["metric"]).kind == "category"
        self._pools = self._pools_of(row)
        self._reference = self._seen(_at(row["from_s"]), _at(row["until_s"]))

    def buckets(self, period: Period, alarm: models.DriftAlarm | None) -> list[models.SeriesBucket]:
        """Return the hours of a period."""
        seen = self._seen(period.start, period.end)
        looks = self._looks(period)
        of_hours = self._shares(seen, alarm, period) if self._is_category else self._quantiles(seen)
        return [
            models.SeriesBucket(
                hour=rfc3339(_at(int(hour))), calls=int(calls), **values, **looks.get(int(hour), {})
            )
            for hour, calls, values in zip(seen.hours, seen.calls.sum(1), of_hours, strict=True)
        ]

    def values(self, alarm: models.DriftAlarm, now: datetime) -> list[models.ValueShare]:
        """Return which values there were before a drift and since; none of categories."""
        began = datetime.fromisoformat(alarm.began)
        ended = datetime.fromisoformat(alarm.closed) if alarm.closed else now
        if self._is_category:
            return []
        since = self._seen(began, min(ended, began + SINCE_MAX))
        if not (since.calls.any() and self._reference.calls.any()):
            return []
        items = np.union1d(self._reference.items, since.items)
        before, after = np.zeros((2, len(items)))
        before[np.searchsorted(items, self._reference.items)] = course.at_hours_of(self._reference, since)
        after[np.searchsorted(items, since.items)] = since.calls.sum(0) / since.calls.sum()
        return [
            models.ValueShare(low=low, high=high, before=usual, after=now_)
            for low, high, usual, now_ in course.value_columns(items, before, after)
        ]

    def _quantiles(self, seen: Seen) -> Iterator[dict[str, Any]]:
        usual, (low, high) = course.by_class(self._reference), course.band(self._reference)
        place = course.classes(seen.hours)
        columns = {
            "p50": course.quantile(seen, 0.5),
            "p95": course.quantile(seen, 0.95),
            "usual_p50": course.quantile(usual, 0.5)[place],
            "usual_p95": course.quantile(usual, 0.95)[place],
            "usual_low": low[place],
            "usual_high": high[place],
        }
        for hour in range(len(seen.hours)):
            yield {name: _known(values[hour]) for name, values in columns.items()}

    def _shares(
        self, seen: Seen, alarm: models.DriftAlarm | None, period: Period
    ) -> Iterator[dict[str, Any]]:
        names = self._names(_at(self._row["from_s"]), _at(self._row["until_s"])) | self._names(
            period.start, period.end
        )
        moved = [one.category for one in alarm.explanation.shares] if alarm else []
        kept = list(
            dict.fromkeys(
                course.commonest(seen, names, moved[: course.CATEGORIES_SHOWN // 2])
                + course.commonest(self._reference, names, [])
            )
        )[: course.CATEGORIES_SHOWN]
        words, merged = course.merged_rest(seen, names, kept)
        _, reference = course.merged_rest(self._reference, names, kept)
        now, usual = course.shares(merged), course.shares(course.by_class(reference))
        for hour, place in enumerate(course.classes(seen.hours)):
            yield {"shares": _shares(words, now[hour]), "usual_shares": _shares(words, usual[place])}

    def _names(self, start: datetime, end: datetime) -> dict[int, str]:
        return dict(categories(self._store, start, end, self._of)) if end > start else {}

    def _seen(self, start: datetime, end: datetime) -> Seen:
        return course.seen(self._counted(start, end), int(start.timestamp()), int(end.timestamp()))

    def _counted(self, start: datetime, end: datetime) -> Counts | None:
        if end <= start:
            return None
        if self._pools:
            return self._pools.counts(self._store, start, end, self._place)
        return counts(self._store, start, end, self._of).get(self._place)

    def _pools_of(self, row: Mapping[str, Any]) -> Pools | None:
        if not row["metric"].startswith(RANK_OF):
            return None
        return Pools(Records(self._store).references(self._place))

    def _looks(self, period: Period) -> dict[int, dict[str, Any]]:
        asked = {
            "project": self._place.project,
            "series": self._place.series,
            "from_s": max(0, int(period.start.timestamp())),
            "until_s": max(0, int(period.end.timestamp())),
            "rows_max": LOOKS_MAX,
        }
        rows = self._store.query(statement(__package__, "looks_of.sql"), asked)
        return {row["hour_s"]: {"evidence": row["evidence"], "threshold": row["threshold"]} for row in rows}


def _at(unix_s: int) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _shares(words: list[str], values: course.Floats) -> dict[str, float]:
    return {word: float(value) for word, value in zip(words, values, strict=True) if math.isfinite(value)}
