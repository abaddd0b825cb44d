from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rfc3339 import rfc3339, unix_ns

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS, MOMENTS)
def test_what_is_shown_orders_as_time_does(one: datetime, other: datetime) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


@given(MOMENTS)
def test_a_time_and_its_nanoseconds_are_shown_alike(at: datetime) -> None:
    assert rfc3339(at) == rfc3339(unix_ns(at))


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (2**63 - 1, "2262-04-11T23:47:16.854775807Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000000Z"),
        (datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T23:30:00.000000000Z"),
    ],
)
def test_every_time_has_nine_decimals_in_utc(time: datetime | int, text: str) -> None:
    assert rfc3339(time) == text
