"""Summaries: counts what agents put out, an hour at a time, and again when something came late."""

import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import structlog

from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

HOUR = timedelta(hours=1)
# An hour is counted when most of what ended in it has arrived; what comes later is counted again.
SETTLED = timedelta(minutes=5)
# After a stop, or before the first count: as far back as the reference of a series may begin.
WINDOW = timedelta(days=28)
# What comes late comes for a while: an hour is counted again this long after the last time.
AGAIN = timedelta(minutes=10)
# Series of a project and an hour, categories of a series, that stand for themselves.
SERIES_MAX = 2_000
CATEGORIES_MAX = 50
# Counting takes time from other looks.
COUNTING_S_MAX = 5.0


class Summaries:
    """Writes `drift_counts`; an hour that is counted once more replaces itself.

    Counting an hour reads its steps once: O(spans of the hour), whatever else is stored.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._until: datetime | None = None
        self._touched: set[datetime] = set()
        self._counted: dict[datetime, datetime] = {}

    def touch(self, ends: Collection[datetime]) -> None:
        """Take note of the hours in which spans ended that were assembled since the last call."""
        self._touched |= {_hour(end) for end in ends}

    def refresh(self, now: datetime) -> list[datetime]:
        """Count the hours that are over and changed, the oldest first; return those that were counted."""
        if self._until is None:
            self._touched |= self._left_uncounted(now)
            self._until = _hour(now)
        last = _hour(now - SETTLED) - HOUR
        due = [hour for hour in sorted(self._touched) if self._is_due(hour, last, now)]
        done: list[datetime] = []
        began_s = time.monotonic()
        for hour in due:
            if done and time.monotonic() - began_s >= COUNTING_S_MAX:
                break
            self._count(hour)
            done.append(hour)
            self._touched.discard(hour)
            self._counted[hour] = now
        self._touched = {hour for hour in self._touched if hour >= last - WINDOW}
        self._counted = {hour: at for hour, at in self._counted.items() if now - at < AGAIN}
        return done

    def counted_until(self, now: datetime) -> datetime:
        """Return the time before which every hour is counted that is over."""
        end = over(now)
        waiting = [hour for hour in self._touched if end - WINDOW <= hour < end and hour not in self._counted]
        return min(waiting, default=end)

    def first_s(self) -> int:
        """Return the first hour that is counted, 0 when none is."""
        (row,) = self._store.query(statement(__package__, "first_hour.sql"))
        return int(row["hour_s"])

    def _is_due(self, hour: datetime, last: datetime, now: datetime) -> bool:
        return last - WINDOW <= hour <= last and now - self._counted.get(hour, now - AGAIN) >= AGAIN

    def _count(self, hour: datetime) -> None:
        self._store.command(
            statement(__package__, "count_hour.sql"),
            {
                "hour_s": int(hour.timestamp()),
                "series_max": SERIES_MAX,
                "categories_max": CATEGORIES_MAX,
            },
        )

    def _left_uncounted(self, now: datetime) -> set[datetime]:
        """Return the hours since the newest that was counted, with that one: it may have been cut short."""
        (row,) = self._store.query(statement(__package__, "newest_hour.sql"))
        newest = datetime.fromtimestamp(row["hour_s"], UTC)
        bounds = {
            "from_s": int(max(newest, _hour(now) - WINDOW).timestamp()),
            "until_s": int((_hour(now) + HOUR).timestamp()),
        }
        rows = self._store.query(statement(__package__, "hours_of_steps.sql"), bounds)
        return {datetime.fromtimestamp(row["hour_s"], UTC) for row in rows}


def over(now: datetime) -> datetime:
    """Return the end of the last hour of which most has arrived."""
    return _hour(now - SETTLED)


def _hour(time_: datetime) -> datetime:
    return time_.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
