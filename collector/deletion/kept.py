"""How long each project keeps what it sent, and what was derived of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Kept:
    """For how many days after the day received.

    Attributes
    ----------
    days
        Of every project that `days_of` does not name; 0 is for ever.
    days_of
        By project.

    Examples
    --------
    >>> Kept(30, {"brief": 7}).first_day("brief", date(2026, 3, 10))
    datetime.date(2026, 3, 3)
    """

    days: int
    days_of: Mapping[str, int] = field(default_factory=dict)

    def first_day(self, project: str, today: date) -> date:
        """Return the oldest day that a project keeps."""
        return _first_day(self.days_of.get(project, self.days), today)

    def first_days(self, today: date) -> list[date]:
        """Return the oldest days that are kept: before the first by nobody, from the last on by all."""
        return sorted(_first_day(days, today) for days in (self.days, *self.days_of.values()))

    def bounds(self, today: date) -> Mapping[str, object]:
        """Return from which microsecond on each project keeps what was derived, as parameters of SQL."""
        # transform takes no empty list: the service has no project of this name
        projects = [*self.days_of, ""]
        firsts = [_microseconds(self.first_day(project, today)) for project in projects]
        return {"projects": projects, "kept_us": firsts, "kept_others_us": firsts[-1]}


def _first_day(days: int, today: date) -> date:
    """Return the oldest day that is kept; what the store can say begins in 1970."""
    return max(_EPOCH, today - timedelta(days=days)) if days else _EPOCH


def _microseconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1_000_000


FOR_EVER = Kept(0)
