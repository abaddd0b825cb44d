"""The statement selects in the real engine what the detector judges."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.detectors.detector import Outcome, Window
from analytics.detectors.stuck_resolution import ENDED, FORGOTTEN
from analytics.detectors.stuck_span import StuckSpan
from collector.store.store import Store
from tests.analytics.detectors.open_rows import LEARNED
from tests.analytics.rows import NOW, ago, insert, observation

DETECTOR = StuckSpan()
TRACE = (1).to_bytes(16, "big")


def selected(store: Store, window: Window | None = None) -> list[dict[str, Any]]:
    return store.query(DETECTOR.sql, DETECTOR.parameters(window or Window(NOW)))


def looked(store: Store, window: Window | None = None) -> Outcome:
    return DETECTOR.detect(selected(store, window), window or Window(NOW), LEARNED)


def beating(number: int, *, age_s: float, **fields: Any) -> list[dict[str, Any]]:
    """Return a report at the start and one every ten seconds until now."""
    ages = [*range(int(age_s), 0, -10), 0]
    return [
        observation(number, age_s=age_s, seen_ago_s=seen, heartbeats=beat + 1, **fields)
        for beat, seen in enumerate(ages)
    ]


def test_a_span_that_stays_open_past_its_limit_is_stuck(store: Store) -> None:
    insert(store, "open_spans", beating(1, age_s=252))

    (finding,) = looked(store).findings

    assert (finding.grade, finding.trace_ids, finding.span_ids) == ("confirmed", [f"{1:032x}"], [f"{1:016x}"])
    assert finding.since == ago(252)


@pytest.mark.parametrize("merge", [False, True], ids=["as inserted", "after a merge"])
def test_observations_of_a_span_are_one_row(store: Store, *, merge: bool) -> None:
    for row in beating(1, age_s=100):
        insert(store, "open_spans", [row])
    if merge:
        store.command("OPTIMIZE TABLE open_spans FINAL")

    (row,) = selected(store)

    assert row["heartbeats"] == 11
    assert row["first_seen_ns"] == row["start_ns"] == int(ago(100).timestamp() * 1e9)
    assert row["last_seen_ns"] == int(NOW.timestamp() * 1e9)


def test_what_is_watched_is_read_before_what_is_older(store: Store) -> None:
    for number in range(1, 5):
        insert(store, "open_spans", beating(number, age_s=300 - number))
    watched = frozenset({("shop", f"{4:032x}{4:016x}")})

    rows = store.query(DETECTOR.sql, {**DETECTOR.parameters(Window(NOW, watched)), "rows_max": 2})

    assert [row["span_id"] for row in rows] == [f"{4:016x}", f"{1:016x}"]


def test_of_two_reports_the_newer_counts_though_it_arrived_first(store: Store) -> None:
    insert(store, "open_spans", [observation(1, age_s=100, seen_ago_s=10, waiting_on="tester")])
    insert(store, "open_spans", [observation(1, age_s=100, seen_ago_s=50)])

    (row,) = selected(store)

    assert row["waiting_on"] == "tester"


@pytest.mark.parametrize("merge", [False, True], ids=["as inserted", "after a merge"])
def test_the_end_counts_in_whatever_order_it_arrives(store: Store, *, merge: bool) -> None:
    """The final report first, then a heartbeat that was under way, and it once more."""
    insert(store, "open_spans", [observation(1, age_s=300, seen_ago_s=100, ended=True)])
    insert(store, "open_spans", [observation(1, age_s=300, seen_ago_s=90)])
    insert(store, "open_spans", [observation(1, age_s=300, seen_ago_s=90)])
    if merge:
        store.command("OPTIMIZE TABLE open_spans FINAL")

    assert not selected(store)


def test_a_heartbeat_that_arrives_twice_changes_nothing(store: Store) -> None:
    insert(store, "open_spans", beating(1, age_s=200) + beating(1, age_s=200))

    (row,) = selected(store)

    assert row["heartbeats"] == 21


def test_a_span_cancelled_or_ended_between_looks_is_told_when_it_is_watched(store: Store) -> None:
    insert(store, "open_spans", beating(1, age_s=252))
    window = Window(
        NOW, frozenset((finding.project, finding.fingerprint) for finding in looked(store).findings)
    )
    insert(store, "open_spans", [observation(1, age_s=252, ended=True)])

    outcome = looked(store, window)

    assert outcome.resolutions == dict.fromkeys(window.watched, ENDED)
    assert not outcome.findings
    assert not selected(store)


def test_logfires_single_report_is_enough_to_be_stuck(store: Store) -> None:
    insert(store, "open_spans", [observation(1, age_s=252, seen_ago_s=252)])

    (finding,) = looked(store).findings

    assert finding.grade == "probable"


def test_what_was_not_heard_of_for_a_day_is_forgotten(store: Store) -> None:
    insert(store, "open_spans", [observation(1, age_s=90_000, seen_ago_s=86_500)])
    window = Window(NOW, frozenset({("shop", f"{1:032x}{1:016x}")}))

    assert not selected(store, window)
    assert looked(store, window).resolutions == dict.fromkeys(window.watched, FORGOTTEN)


def test_a_root_has_no_parent_and_ids_are_hex(store: Store) -> None:
    child = observation(2, age_s=10, parent_span_id=(1).to_bytes(8, "big"), trace_id=(1).to_bytes(16, "big"))
    insert(store, "open_spans", [observation(1, age_s=10), child])

    parents = {row["span_id"]: row["parent_span_id"] for row in selected(store)}

    assert parents == {f"{1:016x}": "", f"{2:016x}": f"{1:016x}"}


def test_a_source_is_known_by_its_events_of_the_last_half_minute_and_their_hourly_median(
    store: Store,
) -> None:
    busy = [observation(100 + i, age_s=i * 10, seen_ago_s=i * 10) for i in range(3, 300)]
    quiet = [observation(1_000, age_s=5, seen_ago_s=5, service_instance="agents-2")]
    insert(store, "open_spans", busy + quiet)

    row = next(row for row in selected(store) if row["service_instance"] == "agents-1")

    assert (row["source_events"], row["source_events_usual"]) == (0, 3)
    assert (row["project_events"], row["project_events_usual"]) == (1, 3)
    assert row["source_seen_ns"] == int(ago(30).timestamp() * 1e9)


def test_a_source_that_falls_silent_opens_no_findings(store: Store) -> None:
    """A steady source whose every span takes four seconds, cut off for a minute: one look-alike for each."""
    steady = [observation(100 + i, age_s=4 * i, seen_ago_s=4 * i) for i in range(15, 800)]
    ended = [observation(100 + i, age_s=4 * i, seen_ago_s=4 * i - 4, ended=True) for i in range(16, 800)]
    insert(store, "open_spans", steady + ended)

    outcome = looked(store)

    assert [verdict.word for verdict in outcome.verdicts] == ["slow"]
    assert not outcome.findings


def test_an_hour_of_silence_is_no_longer_the_news_being_late(store: Store) -> None:
    insert(
        store, "open_spans", [observation(100 + i, age_s=4_000 + i, seen_ago_s=4_000 + i) for i in range(50)]
    )

    assert len(looked(store).findings) == 50


def test_the_oldest_are_read_first_when_there_are_too_many(store: Store) -> None:
    insert(store, "open_spans", [observation(i, age_s=i * 10, seen_ago_s=i * 10) for i in range(1, 6)])

    rows = store.query(DETECTOR.sql, dict(DETECTOR.parameters(Window(NOW))) | {"rows_max": 2})

    assert [row["span_id"] for row in rows] == [f"{5:016x}", f"{4:016x}"]


def test_a_project_takes_no_room_of_another_and_what_it_does_not_need_is_shared(store: Store) -> None:
    crowd = [observation(i, age_s=900 + i, seen_ago_s=900, project="crowded") for i in range(10, 20)]
    insert(store, "open_spans", [*crowd, observation(1, age_s=10, seen_ago_s=10)])

    rows = store.query(DETECTOR.sql, dict(DETECTOR.parameters(Window(NOW))) | {"rows_max": 5})

    assert [row["project"] for row in rows] == [*["crowded"] * 4, "shop"]
    assert rows[0]["span_id"] == f"{19:016x}"


def test_what_the_loader_has_not_reached_is_not_yet_late(store: Store) -> None:
    """While the loader is a minute behind, the look is of a minute ago."""
    insert(store, "open_spans", [observation(1, age_s=65, seen_ago_s=65)])

    assert not looked(store, Window(NOW - timedelta(seconds=60))).findings
    assert looked(store).findings


@pytest.mark.parametrize(
    ("runs", "is_done"),
    [
        pytest.param([(2, "coder", True)], True, id="its run ended"),
        pytest.param([(2, "coder", True), (3, "coder", False)], False, id="another run of it is open"),
        pytest.param([(2, "tester", True)], False, id="somebody else's run ended"),
        pytest.param([], False, id="no run of it is known"),
    ],
)
def test_a_wait_knows_that_the_awaited_agent_is_done(
    store: Store, runs: list[tuple[int, str, bool]], *, is_done: bool
) -> None:
    wait = beating(1, age_s=70, kind="wait", waiting_on="coder", wait_reason="agent", trace_id=TRACE)
    rows = [
        observation(number, age_s=80, seen_ago_s=65, kind="agent", agent=agent, ended=ended, trace_id=TRACE)
        for number, agent, ended in runs
    ]
    insert(store, "open_spans", [*wait, *rows])

    (row,) = [row for row in selected(store) if row["kind"] == "wait"]

    assert row["answered_ns"] == (int(ago(65).timestamp() * 1e9) if is_done else 0)
