"""Baselines count durations in the real engine, and stay current."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.baselines.baseline import Baselines
from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from collector.store.store import Store
from tests.analytics.rows import NOW, VERSION, insert, observation, step

AWAIT_TESTS = Work("shop", "tool", "coder", "execute_tool", "await_tests", "", "1")
HOUR_S = 3_600


def insert_ended(
    store: Store, durations_s: list[float], *, first: int = 0, ago_s: float = 60, **fields: Any
) -> None:
    steps = [step(first + i, ended_ago_s=ago_s, duration_s=d, **fields) for i, d in enumerate(durations_s)]
    insert(store, "steps", steps)


def refreshed(store: Store, now: datetime = NOW) -> Limit:
    baselines = Baselines(store)
    baselines.refresh(now)
    return baselines.limit_for(AWAIT_TESTS)


def test_a_limit_is_learned_from_what_ended_in_the_last_seven_days(store: Store) -> None:
    insert_ended(store, [2.0] * 60)
    insert_ended(store, [2.0] * 60, first=1_000, ago_s=6.9 * 24 * HOUR_S)
    insert_ended(store, [90.0] * 60, first=2_000, ago_s=7.2 * 24 * HOUR_S)

    limit = refreshed(store)

    assert (limit.samples, limit.key_level) == (120, "agent")
    assert limit.q99_s == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"state": "cancelled"}, id="cancelled"),
        pytest.param({"status": "error", "error_type": "httpx.ReadTimeout"}, id="timed out"),
        pytest.param({"status": "error", "error_type": "DEADLINE_EXCEEDED"}, id="deadline exceeded"),
        pytest.param(
            {"status": "error", "error_type": "asyncio.CancelledError"}, id="cancelled with an exception"
        ),
        pytest.param({"status": "error", "error_type": "504"}, id="gateway timeout"),
    ],
)
def test_what_was_cut_off_is_censored(store: Store, fields: dict[str, Any]) -> None:
    insert_ended(store, [2.0] * 200)
    insert_ended(store, [1.0] * 30, first=1_000, **fields)

    limit = refreshed(store)

    assert (limit.samples, limit.censored) == (200, 30)


def test_an_error_that_is_no_timeout_ended(store: Store) -> None:
    insert_ended(store, [2.0] * 200, status="error", error_type="ValueError")

    assert refreshed(store).samples == 200


@pytest.mark.parametrize(
    ("beats", "known_for_s"),
    [(1, 300), (2, 40)],
    ids=["until now without heartbeats", "until its last heartbeat"],
)
def test_what_is_open_is_censored_at_the_age_at_which_it_was_known_to_be_open(
    store: Store, beats: int, known_for_s: float
) -> None:
    insert_ended(store, [100.0] * 200)
    for number in (1_000, 1_001):
        seen = [observation(number, age_s=300, seen_ago_s=300)]
        seen += [observation(number, age_s=300, seen_ago_s=260, heartbeats=beats)] * (beats - 1)
        insert(store, "open_spans", seen)

    limit = refreshed(store)

    # The oldest of the two is left out; the other is lost where it is older than all that ended.
    assert limit.censored == 1
    assert (limit.loss_rate == 0) == (known_for_s < 100)


def test_a_span_that_ended_is_no_longer_counted_as_open(store: Store) -> None:
    insert_ended(store, [2.0] * 200)
    for number in (1_000, 1_001):
        insert(store, "open_spans", [observation(number, age_s=300, seen_ago_s=300)])
        insert(store, "open_spans", [observation(number, age_s=300, seen_ago_s=100, ended=True)])

    assert refreshed(store).censored == 0


def test_a_recount_replaces_the_hour_as_a_whole(store: Store) -> None:
    insert_ended(store, [2.0] * 150)
    baselines = Baselines(store)
    baselines.refresh(NOW)
    insert_ended(store, [8.0] * 150, version=VERSION + 1, agent_version="2")

    baselines.refresh(NOW)

    limit = baselines.limit_for(AWAIT_TESTS)
    assert (limit.samples, limit.older_version) == (150, True)
    assert limit.usual_s == pytest.approx(8, rel=0.06)


def test_late_data_of_an_hour_long_over_count_when_the_hour_is_named(store: Store) -> None:
    insert_ended(store, [2.0] * 150)
    baselines = Baselines(store)
    baselines.refresh(NOW)
    insert_ended(store, [2.0] * 50, first=1_000, ago_s=5 * HOUR_S)

    baselines.refresh(NOW + timedelta(minutes=1))
    unnamed = baselines.limit_for(AWAIT_TESTS).samples
    baselines.refresh(NOW + timedelta(minutes=2), touched=[NOW - timedelta(hours=5)])

    assert (unnamed, baselines.limit_for(AWAIT_TESTS).samples) == (150, 200)


def test_what_ended_before_the_hour_turned_still_counts(store: Store) -> None:
    insert_ended(store, [2.0] * 150)
    baselines = Baselines(store)
    baselines.refresh(NOW)
    insert_ended(store, [2.0] * 50, first=1_000, ago_s=0)

    baselines.refresh(NOW + timedelta(minutes=45))

    assert baselines.limit_for(AWAIT_TESTS).samples == 200


def test_a_new_process_counts_every_hour_since_the_newest_counted(store: Store) -> None:
    Baselines(store).refresh(NOW - timedelta(hours=6))
    insert_ended(store, [2.0] * 150, ago_s=4 * HOUR_S)

    assert refreshed(store).samples == 150


def test_a_clock_in_the_future_hides_no_hour(store: Store) -> None:
    insert_ended(store, [2.0] * 50, ago_s=-3 * HOUR_S)
    ahead = Baselines(store)
    ahead.refresh(NOW - timedelta(hours=4), touched=[NOW + timedelta(hours=3)])
    insert_ended(store, [2.0] * 100, first=1_000, ago_s=2 * HOUR_S)

    assert refreshed(store).samples == 150


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"duration_s": -1.0}, id="end before start"),
        pytest.param({"duration_s": 6e9}, id="an end in 2200"),
        pytest.param({"state": "open"}, id="not ended"),
    ],
)
def test_nonsense_is_not_learned_from(store: Store, fields: dict[str, Any]) -> None:
    insert_ended(store, [2.0] * 150)
    insert(
        store, "steps", [step(1_000 + i, ended_ago_s=60, **({"duration_s": 9.0} | fields)) for i in range(50)]
    )

    assert refreshed(store).samples == 150


def test_an_instant_span_counts_as_a_millisecond(store: Store) -> None:
    insert_ended(store, [0.0] * 150)

    assert refreshed(store).q99_s == pytest.approx(0.001, rel=0.05)


def test_an_empty_store_has_defaults(store: Store) -> None:
    assert not refreshed(store).learned
