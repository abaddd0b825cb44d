from datetime import timedelta

import pytest

from dashboard.wording.moment import ago, at, exact, moment, nanoseconds
from tests.dashboard.fleet import NOW


def test_nanoseconds_keep_what_datetime_cuts_off() -> None:
    assert nanoseconds("2026-11-23T14:03:11.123456789Z") == int(NOW.timestamp()) * 10**9 + 123456789


@pytest.mark.parametrize(
    "text", ["2026-11-23T14:03:11Z", "2026-11-23T14:03:11.000000000Z", "2026-11-23T14:03:11"]
)
def test_a_time_without_a_fraction_is_read(text: str) -> None:
    assert nanoseconds(text) == int(NOW.timestamp()) * 10**9
    assert moment(text) == NOW


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "just now"),
        (-1, "just now"),
        (12.9, "12 s ago"),
        (60, "1 min ago"),
        (3_599, "59 min ago"),
        (3_600, "1 h ago"),
        (86_400, "1 day ago"),
        (200_000, "2 days ago"),
        (-300, "in 5 min"),
    ],
)
def test_a_relative_time_is_coarse(seconds: float, text: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_an_exact_time_has_its_date_unless_it_is_today() -> None:
    assert at(NOW, NOW) == "14:03:11"
    assert at(NOW - timedelta(days=1), NOW) == "22 Nov 14:03:11"
    assert at(NOW - timedelta(days=365), NOW) == "2025-11-23 14:03:11"


def test_both_are_said_together() -> None:
    assert exact("2026-11-23T13:51:07Z", NOW) == "13:51:07 UTC, 12 min ago"
