"""What of an open span can be believed: its clock and its heartbeats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.baselines.limit import Limit
from analytics.detectors.verdict import judge
from tests.analytics.detectors.open_rows import LEARNED, NOW_NS, parsed

UNIX_NS = st.integers(-(2**62), 2**62)


@pytest.mark.parametrize(
    ("start_ago_s", "seen_ago_s", "age_s"),
    [
        pytest.param(102, 100, 102, id="a start just before we saw it is believed"),
        pytest.param(-3_600, 100, 100, id="a start in the future counts from when we saw it"),
        pytest.param(3_700, 100, 105, id="a start long before counts as one export before we saw it"),
    ],
)
def test_the_age_of_a_span(start_ago_s: float, seen_ago_s: float, age_s: float) -> None:
    row = parsed(start_ago_s=start_ago_s, first_seen_ago_s=seen_ago_s)

    assert (NOW_NS - row.opened_ns) / 1e9 == pytest.approx(age_s)


@given(start_ns=UNIX_NS, last_progress_ns=UNIX_NS, last_seen_ns=UNIX_NS, source_seen_ns=UNIX_NS)
def test_no_time_a_client_sends_makes_a_new_span_stuck(**times: int) -> None:
    row = parsed(first_seen_ago_s=1, heartbeats=1, **times)

    (verdict,) = judge([row], [any_limit()], NOW_NS)

    assert verdict.word != "stuck"
    assert 0 <= verdict.age_s <= 6
    assert 0 <= verdict.quiet_s <= 1


@pytest.mark.parametrize(
    ("heartbeats", "first_seen_ago_s", "interval_s"),
    [
        pytest.param(1, 300, 10, id="none: the default"),
        pytest.param(31, 300, 10, id="as observed"),
        pytest.param(3_000, 300, 5, id="repeated by retries: never under the delay of an export"),
        pytest.param(2, 3_000, 60, id="with a long gap: never over a minute"),
    ],
)
def test_the_interval_of_heartbeats(heartbeats: int, first_seen_ago_s: float, interval_s: float) -> None:
    row = parsed(heartbeats=heartbeats, first_seen_ago_s=first_seen_ago_s)

    assert row.heartbeat_s == pytest.approx(interval_s)


@pytest.mark.parametrize(
    ("events", "usual", "is_silent"),
    [(0, 0, False), (0, 5, True), (1, 5, False), (19, 100, True), (20, 100, False)],
)
def test_a_source_is_silent_below_a_fifth_of_its_usual_events(
    events: int, usual: int, *, is_silent: bool
) -> None:
    assert parsed(source_events=events, source_events_usual=usual).source_is_silent == is_silent


def any_limit() -> Limit:
    return LEARNED.limit_for(parsed().work)
