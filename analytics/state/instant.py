"""Points in time: stored as whole microseconds, shown as RFC 3339."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return the microseconds since 1970 of an aware `moment`."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """Return the aware UTC time `microseconds` after the beginning of 1970."""
    return _EPOCH + microseconds * _MICROSECOND


def rfc3339(moment: datetime) -> str:
    """Return `moment` in UTC with nine decimals, as the API shows every time.

    Examples
    --------
    >>> rfc3339(datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC))
    '2026-03-01T12:00:00.000250000Z'
    """
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{text}000Z"


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime in a column of 64-bit integers: microseconds since 1970.

    SQLite has no type for time and its texts lose the zone; an integer keeps every
    microsecond on both databases and orders as time does.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else moment(value)
