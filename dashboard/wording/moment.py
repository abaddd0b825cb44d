"""Times as people read them, always UTC. Pure."""

from datetime import UTC, datetime

SECOND_NS = 1_000_000_000


def nanoseconds(text: str) -> int:
    """Return the nanoseconds since 1970 of an RFC 3339 time in UTC, which datetime cannot hold.

    Examples
    --------
    >>> nanoseconds("1970-01-01T00:00:01.000000002Z")
    1000000002
    """
    whole, _, rest = text.partition(".")
    fraction = rest.rstrip("Z").partition("+")[0]
    seconds = int(moment(whole).timestamp())
    return seconds * SECOND_NS + int(f"{fraction:0<9}"[:9] or 0)


def moment(text: str) -> datetime:
    """Return an RFC 3339 time as an aware datetime; what is finer than a microsecond is cut off."""
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def ago(when: datetime, now: datetime) -> str:
    """Return how long ago, or in how long: `just now`, `12 s ago`, `3 min ago`, `in 5 min`."""
    seconds = (now - when).total_seconds()
    if abs(seconds) < 2:
        return "just now"
    text = coarse(abs(seconds))
    return f"{text} ago" if seconds > 0 else f"in {text}"


def coarse(seconds: float) -> str:
    if seconds < 60:
        return f"{int(seconds)} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 86_400:
        return f"{int(seconds // 3600)} h"
    days = int(seconds // 86_400)
    return f"{days} day" if days == 1 else f"{days} days"


def at(when: datetime, now: datetime) -> str:
    """Return the exact time, with its date when that is not today: `14:03:11`, `23 Nov 14:03:11`."""
    if when.date() == now.date():
        return f"{when:%H:%M:%S}"
    if when.year == now.year:
        return f"{when.day} {when:%b %H:%M:%S}"
    return f"{when:%Y-%m-%d %H:%M:%S}"


def exact(text: str, now: datetime) -> str:
    """Return the exact time and how long ago: `14:03:11 UTC, 12 min ago`."""
    when = moment(text)
    return f"{at(when, now)} UTC, {ago(when, now)}"
