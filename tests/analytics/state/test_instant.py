from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from analytics.state.instant import microseconds, moment
from analytics.state.tables import sightings
from analytics.state.transaction import writing

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_survives_the_way_through_microseconds(at: datetime) -> None:
    assert moment(microseconds(at)) == at


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        microseconds(datetime(2026, 3, 1))  # noqa: DTZ001


def test_microseconds_survive_the_database_and_order_in_it(engine: Engine) -> None:
    moments = [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 0, 0, 2, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    rows = [
        {"detector": "d", "project": "p", "fingerprint": str(n), "first_seen": at}
        for n, at in enumerate(reversed(moments))
    ]
    with writing(engine) as connection:
        connection.execute(sightings.insert(), rows)

        read = connection.execute(select(sightings.c.first_seen).order_by(sightings.c.first_seen)).scalars()

        assert read.all() == moments
