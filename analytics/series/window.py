"""What `drift compare` is asked to compare: a time, a version, a project, or some of them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Where neither side names a time; and at most: counts are kept for ten weeks.
DEFAULT, LONGEST = timedelta(days=28), timedelta(days=70)
_FORM = (
    "a side is a time such as 2026-11-01..2026-11-14 (both days with it, UTC) or two RFC 3339 instants, "
    "version:1.4.2, project:NAME, or several of them with commas between"
)
_PARTS = re.compile(r",(?=version:|project:|[^,]*\.\.)")


class WindowError(ValueError):
    """A side cannot be read, or the two cannot be compared; says so in a sentence."""


@dataclass(frozen=True, slots=True)
class Window:
    """One side: whole hours in [start, end); None is whichever.

    Parameters
    ----------
    text
        As it was asked for.
    """

    text: str
    start: datetime | None = None
    end: datetime | None = None
    version: str | None = None
    project: str | None = None

    @property
    def hours(self) -> range:
        """Its hours since the epoch."""
        if self.start is None or self.end is None:
            raise WindowError(f"{self.text} names no time.")
        return range(-(-int(self.start.timestamp()) // 3600), int(self.end.timestamp()) // 3600)


def window(text: str) -> Window:
    """Return what a side asks for.

    Examples
    --------
    >>> one = window("version:1.4.2,2026-11-01..2026-11-07")
    >>> one.version, len(one.hours)
    ('1.4.2', 168)
    """
    found: dict[str, Any] = {}
    for name, value in _named(text):
        if name in found:
            raise WindowError(f"{_shown(text)} says its {name} twice: {_FORM}.")
        found[name] = value
    return Window(text, **found)


def windows(first: str, second: str, now: datetime, project: str) -> tuple[Window, Window]:
    """Return both sides with their times; a side without one has the other's, or the last 28 days.

    Parameters
    ----------
    project
        Of a side that names none.

    Raises
    ------
    WindowError
        One cannot be read, or both hold the same calls.
    """
    one, other = (
        side if side.project else replace(side, project=project) for side in (window(first), window(second))
    )
    usual = one if one.start else other if other.start else replace(one, start=now - DEFAULT, end=now)
    one, other = (
        side if side.start else replace(side, start=usual.start, end=usual.end) for side in (one, other)
    )
    for side in (one, other):
        if not 0 < len(side.hours) <= LONGEST // HOUR:
            raise WindowError(
                f"{_shown(side.text)} holds {len(side.hours)} whole hours: one at least, "
                f"{LONGEST.days} days at most."
            )
    if _overlap(one, other):
        raise WindowError(
            f"The two overlap: {_shown(first)} and {_shown(second)} have calls in common. Compare times that "
            "do not, or versions, or projects."
        )
    return one, other


def _named(text: str) -> Iterator[tuple[str, datetime | str]]:
    """Return what each part of a side says."""
    for part in _PARTS.split(text):
        name, colon, value = part.partition(":")
        if name in ("version", "project") and colon and value:
            yield name, value
        elif ".." in part:
            first, _, last = part.partition("..")
            start, end = _time(first, text), _time(last, text)
            try:
                yield from (("start", start), ("end", end + DAY if _is_date(last) else end))
            except OverflowError as error:
                raise WindowError(f"{_shown(text)} ends after all calendars.") from error
        else:
            raise WindowError(f"{_shown(text)} cannot be read: {_FORM}.")


def _is_date(written: str) -> bool:
    return len(written.strip()) == len("2026-11-01")


def _time(written: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(written.strip())
        if time.tzinfo is None:
            if not _is_date(written):
                raise WindowError(f"{_shown(text)} names no time zone: write {written.strip()}Z for UTC.")
            time = time.replace(tzinfo=UTC)
        return datetime.fromtimestamp(max(time.timestamp(), 0), UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, WindowError):
            raise
        raise WindowError(f"{_shown(text)} cannot be read: {_FORM}.") from None


def _overlap(one: Window, other: Window) -> bool:
    versions = one.version is None or other.version is None or one.version == other.version
    apart = one.hours.stop <= other.hours.start or other.hours.stop <= one.hours.start
    return one.project == other.project and versions and not apart


def _shown(text: str) -> str:
    return repr(text[:80])
