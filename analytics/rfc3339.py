"""Times as the API writes them: RFC 3339 with nanoseconds, which Python's datetime does not keep."""

from datetime import UTC, datetime


def rfc3339(time: datetime | int) -> str:
    """Write an aware time, or Unix nanoseconds, in UTC with nine decimals.

    Examples
    --------
    >>> rfc3339(1_700_000_000_123_456_789)
    '2023-11-14T22:13:20.123456789Z'
    >>> rfc3339(datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC))
    '2026-03-01T12:00:00.000250000Z'
    """
    seconds, nanoseconds = divmod(time if isinstance(time, int) else unix_ns(time), 1_000_000_000)
    whole = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return f"{whole.isoformat()}.{nanoseconds:09d}Z"


def unix_ns(time: datetime) -> int:
    """Nanoseconds since 1970 of an aware time, exactly.

    Examples
    --------
    >>> unix_ns(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005000
    """
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
