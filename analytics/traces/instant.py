"""Times as the API writes them: RFC 3339 with nanoseconds, which Python's datetime does not keep."""

from datetime import UTC, datetime


def rfc3339(unix_ns: int) -> str:
    """Write a time.

    Examples
    --------
    >>> rfc3339(1_700_000_000_123_456_789)
    '2023-11-14T22:13:20.123456789Z'
    """
    seconds, nanoseconds = divmod(unix_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"


def unix_ns(moment: datetime) -> int:
    """Nanoseconds since 1970 of an aware time, exactly.

    Examples
    --------
    >>> unix_ns(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005000
    """
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
