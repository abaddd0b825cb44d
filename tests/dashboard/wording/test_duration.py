import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics.detectors import wording
from dashboard.wording.duration import age, duration

MEASURED = [
    (0, "0 µs"),
    (2.5e-7, "0.25 µs"),
    (12.34e-6, "12.3 µs"),
    (0.99949e-3, "999 µs"),
    (0.9996e-3, "1.00 ms"),
    (0.0123, "12.3 ms"),
    (0.4, "400 ms"),
    (0.9996, "1.00 s"),
    (1, "1.00 s"),
    (41.24, "41.2 s"),
    (59.94, "59.9 s"),
    (59.96, "1m 00s"),
    (119.4, "1m 59s"),
    (119.97, "2m 00s"),
    (3599.4, "59m 59s"),
    (3599.9, "1h 00m"),
    (11_220, "3h 07m"),
    (86_399.9, "1d 00h"),
    (183_600, "2d 03h"),
    (-0.0123, "-12.3 ms"),
]


@pytest.mark.parametrize(("seconds", "text"), MEASURED)
def test_a_duration_has_three_digits_and_carries(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@given(some.floats(0, 1e9) | some.sampled_from([seconds for seconds, _ in MEASURED if seconds >= 0]))
def test_a_finding_and_the_page_around_it_write_a_duration_alike(seconds: float) -> None:
    assert wording.duration(seconds) == duration(seconds)


@pytest.mark.parametrize("seconds", [None, float("nan"), float("inf")])
def test_an_unknown_duration_is_a_dash(seconds: float | None) -> None:
    assert duration(seconds) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "<1 s"), (0.4, "<1 s"), (1, "1 s"), (41.2, "41 s"), (59.6, "1m 00s"), (724, "12m 04s")],
)
def test_an_age_ticks_in_whole_seconds(seconds: float, text: str) -> None:
    assert age(seconds) == text


@given(some.floats(0, 1e9))
def test_no_part_ever_reaches_its_unit(seconds: float) -> None:
    """Never `2m 60s`, `60.0 s`, `1000 ms` or `24h 00m`."""
    parts = duration(seconds).split()

    assert not {"60s", "60.0", "60m", "24h", "1000", "1000.0"} & set(parts)
