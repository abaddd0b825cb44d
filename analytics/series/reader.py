"""Reads series for people: which there are and how they stand, and the course of one."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analytics.api import drift_models as models
from analytics.deployments.known import Changes
from analytics.period import Period
from analytics.rfc3339 import rfc3339
from analytics.series.accepted import AcceptedDrifts
from analytics.series.alarm_rows import shown_alarm
from analytics.series.course_reader import CourseReader
from analytics.series.examples import with_examples
from analytics.series.key import SeriesKey, series_id
from analytics.series.known_changes import concerns
from analytics.series.policy import Policy
from analytics.series.prompt_sentences import with_sentences
from analytics.series.references import stored_reference
from analytics.series.standing import SeriesFilters, Standing, counted, page_of, standing
from analytics.series.warming import Warming, wanted_by
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# More series are not listed; the busiest are.
SERIES_MAX = 20_000
ALARMS_MAX = 1_000
ALARMS_OF_ONE_MAX = 50
CHANGES_MAX = 200

Row = Mapping[str, Any]


class SeriesReader:
    """Reads the series of one project.

    Parameters
    ----------
    changes
        Returns known changes of a project in a period.
    policy
        By which the monitor judges.
    """

    def __init__(
        self, store: Store, changes: Changes, accepted: AcceptedDrifts, policy: Policy, project: str
    ) -> None:
        self._store = store
        self._changes = changes
        self._accepted = accepted
        self._policy = policy
        self._project = project

    def page(
        self, filters: SeriesFilters, cursor: str | None, limit: int, now: datetime
    ) -> models.SeriesPage:
        """Return a page of series.

        Raises
        ------
        CursorError
            The cursor is none of ours.
        """
        alarms = self._open_alarms()
        every = self._standing(now, 0, filters, alarms)
        page, following = page_of(every, filters.state, cursor, limit)
        summaries = self._summaries(page, alarms, now)
        return models.SeriesPage(
            items=[models.SeriesSummary(**one) for one in summaries],
            next=following,
            counts=counted(every),
            budget=self._policy.budget,
        )

    def one(self, series: int, period: Period, now: datetime) -> models.Series | None:
        """Return one with its course in a period; None where there is none of this id."""
        if not series:
            return None
        alarms = [shown_alarm(row) for row in self._alarms(series, ALARMS_OF_ONE_MAX)]
        # the page tells of the latest alone
        alarms[:1] = [self._with_texts(one) for one in alarms[:1]]
        open_alarms = {series: alarms[0]} if alarms and alarms[0].closed is None else {}
        every = self._standing(now, series, SeriesFilters(), open_alarms)
        if not every:
            return None
        (one,) = every
        course = CourseReader(self._store, self._project, series, one.row)
        (summary,) = self._summaries([one], open_alarms, now)
        return models.Series(
            **summary,
            learned_from=_time(one.row["from_s"]),
            learned_until=_time(one.row["until_s"]),
            buckets=course.buckets(period, alarms[0] if alarms else None),
            values=course.values(alarms[0], now) if alarms else [],
            alarms=alarms,
            changes=[
                each
                for each in self._changes(self._project, Period(period.start, period.end))
                if concerns(each, self._key(one.row))
            ][:CHANGES_MAX],
            acceptances=list(self._accepted.of(self._project, series)),
        )

    def _with_texts(self, alarm: models.DriftAlarm) -> models.DriftAlarm:
        said = with_examples(self._store, self._project, alarm)
        return with_sentences(self._store, self._project, said)

    def drift_began(self, series: int, now: datetime) -> datetime | None:
        """Return when the open drift of a series began, now where none is open, None without the series."""
        if not series or not self._standing(now, series, SeriesFilters(), {}):
            return None
        began = [row["began_s"] for row in self._alarms(series, 1) if not row["closed_s"]]
        return datetime.fromtimestamp(began[0], UTC) if began else now

    def _standing(
        self, now: datetime, series: int, filters: SeriesFilters, alarming: Mapping[int, Any]
    ) -> Sequence[Standing]:
        asked = {
            **filters.parameters,
            "series": series,
            "now_s": int(now.timestamp()),
            "rows_max": SERIES_MAX,
        }
        return [standing(row, alarming) for row in self._query("standing.sql", asked)]

    def _open_alarms(self) -> Mapping[int, models.DriftAlarm]:
        return {int(row["number"]): shown_alarm(row) for row in self._alarms(0, ALARMS_MAX)}

    def _alarms(self, series: int, rows_max: int) -> Rows:
        return self._query("alarms_of.sql", {"series": series, "rows_max": rows_max})

    def _buckets(self, series: Sequence[int]) -> Mapping[int, int]:
        """Return how many hours a bucket of each has."""
        found = {}
        for row in self._query("buckets_of.sql", {"series": list(series), "rows_max": SERIES_MAX}):
            if kept := stored_reference(row["metric"], base64.b64decode(row["kept"])):
                found[int(row["number"])] = kept.bucket_h
        return found

    def _key(self, row: Row) -> SeriesKey:
        return SeriesKey(self._project, *(row[name] for name in SeriesKey._fields[1:]))

    def _summaries(
        self, some: Sequence[Standing], alarms: Mapping[int, models.DriftAlarm], now: datetime
    ) -> list[dict[str, Any]]:
        buckets = self._buckets([one.number for one in some])
        warming = [
            Warming(one.number, self._key(one.row), one.row["from_s"])
            for one in some
            if one.state == "warming up"
        ]
        wanted = wanted_by(self._store, self._project, self._policy, warming, int(now.timestamp()))
        return [
            self._summary(one, alarms)
            | {"bucket_h": buckets.get(one.number), "wanting": wanted.get(one.number)}
            for one in some
        ]

    def _summary(self, one: Standing, alarms: Mapping[int, models.DriftAlarm]) -> dict[str, Any]:
        key, was_looked_at = self._key(one.row), bool(one.row["looked_s"])
        return {
            "id": series_id(one.number),
            **key._asdict(),
            "kind": key.measure.kind,
            "unit": key.measure.unit,
            "state": one.state,
            "pool": series_id(one.row["pooled_as"]) if one.row["pooled_as"] else None,
            "evidence": one.row["evidence"] if was_looked_at else None,
            "threshold": one.row["threshold"] if was_looked_at else None,
            "looked_at": _time(one.row["looked_s"]),
            "calls": one.row["calls"],
            "alarm": alarms.get(one.number),
        }

    def _query(self, name: str, parameters: Mapping[str, object]) -> Rows:
        return self._store.query(statement(__package__, name), {"project": self._project, **parameters})


def _time(unix_s: int) -> str | None:
    return rfc3339(datetime.fromtimestamp(unix_s, UTC)) if unix_s else None
