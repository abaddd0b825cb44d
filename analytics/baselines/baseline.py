"""Baselines: how long each kind of work usually takes, kept current."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from analytics.baselines.durations import Durations, Row
from analytics.baselines.habit import Habit
from analytics.baselines.habits import Habits
from analytics.baselines.learned_limits import LearnedLimits
from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement
from collector.store.store import Store

HOUR = timedelta(hours=1)
WINDOW = timedelta(days=7)
# Clients' clocks run ahead; an hour that is not there yet may hold what ended already.
AHEAD = timedelta(days=1)
# One statement counts a day at most: what it groups must fit in memory.
HOURS_PER_STATEMENT = 24

DURATION_BINS = statement(__package__, "duration_bins.sql")
BASELINE = statement(__package__, "baseline.sql")
OPEN_AGES = statement(__package__, "open_ages.sql")
NEWEST_HOUR = statement(__package__, "newest_hour.sql")


class Baselines:
    """Limits of open spans, learned from the last seven days.

    `refresh` reads two hours of counts; the days before them only when an hour has passed or one of
    them was touched. One thread refreshes. `limit_for` and `habit` read memory only, in any thread and
    meanwhile too: what they read is replaced at once, when all of it is known.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._refreshed: datetime | None = None
        self._past: list[Row] = []
        self._past_until: datetime | None = None
        self._learned = LearnedLimits(Durations())
        self._habits = Habits(store)

    def limit_for(self, work: Work) -> Limit:
        """Return how long a span of this work may stay open."""
        return self._learned.limit_for(work)

    def habit(self, project: str, measure: str, name: str) -> Habit | None:
        """Return what is usual of traces that are alike, None where too few are known."""
        return self._habits.habit(project, measure, name)

    def refresh(self, now: datetime, touched: Collection[datetime] = ()) -> None:
        """Count what changed and read the counts.

        Parameters
        ----------
        now
            Aware UTC.
        touched
            Ends of spans stored since the last refresh, or any time in their hours: hours
            other than those since the last refresh are counted anew only when named here.
            After a start every hour since the newest counted one is.
        """
        hours = self._stale_hours(now) | {_hour(end) for end in touched}
        hours = {hour for hour in hours if now - WINDOW <= hour < now + AHEAD}
        self._count(sorted(hours))
        recent_from = _hour(now) - HOUR
        if self._past_until != recent_from or any(hour < recent_from for hour in hours):
            self._past = self._read(now - WINDOW, recent_from)
            self._past_until = recent_from
        recent = self._read(recent_from, now + AHEAD)
        still_open = self._store.query(OPEN_AGES, {"now_ns": unix_ns(now)})
        self._learned = LearnedLimits(Durations([*self._past, *recent], still_open))
        self._refreshed = now
        self._habits.refresh(now)

    def _stale_hours(self, now: datetime) -> set[datetime]:
        first = _hour(max(self._refreshed or self._newest_hour(now), now - WINDOW))
        return {first + HOUR * index for index in range((_hour(now) - first) // HOUR + 1)}

    def _newest_hour(self, now: datetime) -> datetime:
        rows = self._store.query(NEWEST_HOUR, {"now_s": int(now.timestamp())})
        return datetime.fromtimestamp(rows[0]["hour_s"], UTC)

    def _count(self, hours: list[datetime]) -> None:
        for index in range(0, len(hours), HOURS_PER_STATEMENT):
            some = [int(hour.timestamp()) for hour in hours[index : index + HOURS_PER_STATEMENT]]
            bounds = {"from_s": some[0], "to_s": some[-1] + 3600}
            self._store.command(DURATION_BINS, {"hours": some, **bounds})

    def _read(self, start: datetime, end: datetime) -> list[Row]:
        return list(
            self._store.query(BASELINE, {"from_s": int(start.timestamp()), "to_s": int(end.timestamp())})
        )


def _hour(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
