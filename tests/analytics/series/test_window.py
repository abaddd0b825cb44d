"""What the sides of a comparison say, and which cannot be compared."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics.series.window import Window, WindowError, window, windows

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)


def sides(first: str, second: str) -> tuple[Window, Window]:
    return windows(first, second, NOW, "default")


def test_days_are_whole_and_both_belong_to_it() -> None:
    assert len(window("2026-11-01..2026-11-14").hours) == 14 * 24


def test_of_instants_the_hours_count_that_lie_between_them() -> None:
    one = window("2026-11-01T10:20:00+01:00..2026-11-01T13:40:00Z")

    assert [hour % 24 for hour in one.hours] == [10, 11, 12]


def test_a_version_and_a_project_may_have_commas() -> None:
    one = window("project:a,b,version:1,2,2026-11-01..2026-11-02")

    assert (one.project, one.version, len(one.hours)) == ("a,b", "1,2", 48)


def test_a_side_without_a_time_has_the_other_s_or_the_last_28_days() -> None:
    first, second = sides("version:1", "version:2,2026-11-01..2026-11-02")
    both = sides("version:1", "version:2")

    assert first.hours == second.hours
    assert [len(side.hours) for side in both] == [28 * 24 - 1] * 2
    assert first.project == "default"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-11-01..2026-11-07", "2026-11-07..2026-11-14"),
        ("2026-11-01..2026-11-14", "version:1,2026-11-14..2026-11-15"),
        ("version:1", "version:1"),
        ("project:default", "2026-11-01..2026-11-14"),
    ],
)
def test_sides_with_calls_in_common_are_refused(first: str, second: str) -> None:
    with pytest.raises(WindowError, match="overlap"):
        sides(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-11-01..2026-11-07", "2026-11-08..2026-11-14"),
        ("2026-11-01..2026-11-07", "project:other,2026-11-01..2026-11-07"),
        ("version:1", "version:2"),
    ],
)
def test_sides_without_calls_in_common_are_taken(first: str, second: str) -> None:
    assert len(sides(first, second)) == 2


@given(some.text(max_size=60), some.text(max_size=60))
def test_whatever_is_asked_is_read_or_refused_in_a_sentence(first: str, second: str) -> None:
    try:
        said = " ".join(side.text for side in sides(first, second))
    except WindowError as error:
        said = str(error)

    assert 0 < len(said) < 700


def test_the_end_of_all_calendars_is_refused_in_a_sentence() -> None:
    with pytest.raises(WindowError, match="ends after all calendars"):
        window("9999-12-30..9999-12-31")
