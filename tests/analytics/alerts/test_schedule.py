from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.alerts.schedule import DELAYS_S, next_attempt, retry_after_s

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.integers(0, 8), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 86_400))
def test_the_next_attempt_is_never_before_the_schedule_or_the_receivers_wish(
    step: int, jitter: float, wish_s: float | None
) -> None:
    following = next_attempt(step, NOW, jitter, wish_s)

    assert following is not None
    least_s = max(DELAYS_S[step + 1], wish_s or 0)
    most_s = max(DELAYS_S[step + 1] * 1.1, wish_s or 0)
    assert timedelta(seconds=least_s) <= following - NOW <= timedelta(seconds=most_s)


@pytest.mark.parametrize("step", [9, 10, 1_000])
def test_after_the_tenth_attempt_it_is_given_up(step: int) -> None:
    assert next_attempt(step, NOW, 0, 60) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("0", 0, id="at once"),
        pytest.param(" 120 ", 120, id="seconds"),
        pytest.param("1.5", 1.5, id="fraction"),
        pytest.param("999999999999", 86_400, id="for ever"),
        pytest.param("-1", 0, id="negative"),
        pytest.param("Sun, 01 Mar 2026 00:01:00 GMT", 60, id="a date"),
        pytest.param("Sun, 01 Mar 2026 00:01:00", 60, id="a date without a zone"),
        pytest.param("Sat, 28 Feb 2026 00:00:00 GMT", 0, id="a past date"),
        pytest.param("inf", None, id="infinity"),
        pytest.param("nan", None, id="not a number"),
        pytest.param("١٢", None, id="digits of another script"),
        pytest.param("", None, id="empty"),
        pytest.param("soon", None, id="a word"),
        pytest.param("Sun, 01 Mar 99999999 00:00:00 GMT", None, id="no year of ours"),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


@given(st.text(st.characters()))
def test_any_retry_after_is_taken(header: str) -> None:
    seconds = retry_after_s(header, NOW)

    assert seconds is None or 0 <= seconds <= 86_400
