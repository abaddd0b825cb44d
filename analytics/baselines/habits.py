"""Habits: what is usual of traces by their root, and of calls by their name, learned from the last days."""

from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.baselines.habit import TRACES_MIN, Habit, habit_of
from collector.store.statement import statement
from collector.store.store import Store

HOUR = timedelta(hours=1)
WINDOW = timedelta(days=7)
# An hour is counted once, when most traces that began in it have ended.
SETTLED = timedelta(minutes=10)
# Hours that are counted after a stop.
HOURS_BACK = 24
# Traces of an hour and a project that are counted: what this costs does not grow with them.
TRACES_MAX = 2_000
NAMES_MAX = 100_000

_COUNT = statement(__package__, "count_habits.sql")
_READ = statement(__package__, "read_habits.sql")
_NEWEST = statement(__package__, "newest_habit.sql")
_HOURS = statement(__package__, "hours_of_traces.sql")


class Habits:
    """What is usual; `habit` reads memory only, `refresh` does something once an hour."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: datetime | None = None
        self._known: dict[tuple[str, str, str], Habit] = {}

    def habit(self, project: str, measure: str, name: str) -> Habit | None:
        """Return what is usual, None where too few are known."""
        return self._known.get((project, measure, name))

    def refresh(self, now: datetime) -> None:
        """Count the hours that are over, and read what is usual of the last seven days."""
        last = _hour(now - SETTLED) - HOUR
        if self._counted is not None and self._counted >= last:
            return
        for hour in self._missing(last):
            self._store.command(_COUNT, {"hour_s": int(hour.timestamp()), "traces_max": TRACES_MAX})
        rows = self._store.query(
            _READ,
            {"from_s": int((now - WINDOW).timestamp()), "traces_min": TRACES_MIN, "names_max": NAMES_MAX},
        )
        self._known = {
            _key(row): habit for row in rows if (habit := habit_of(row["habit_values"], row["counts"]))
        }
        self._counted = last

    def _missing(self, last: datetime) -> list[datetime]:
        """Return the hours to count; those of no trace are left out, which after a first start are most."""
        (row,) = self._store.query(_NEWEST)
        newest = self._counted or datetime.fromtimestamp(row["hour_s"], UTC)
        first = max(newest + HOUR, last - HOUR * (HOURS_BACK - 1))
        bounds = {"from_s": int(first.timestamp()), "to_s": int((last + HOUR).timestamp())}
        return [datetime.fromtimestamp(row["hour_s"], UTC) for row in self._store.query(_HOURS, bounds)]


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["project"], row["measure"], row["name"]


def _hour(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
