"""Waits past their own deadlines, told from those that gave up in time, or of which nobody knows."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.detectors import missed_deadline
from analytics.detectors.deadline_row import DeadlineRow
from analytics.detectors.detector import Outcome, Window
from analytics.detectors.missed_deadline import BELOW, ENDED, LOST, MissedDeadline
from analytics.detectors.source import Source
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.analytics.rows import NOW, VERSION, ago, insert, observation, step

NOW_NS = int(NOW.timestamp()) * 10**9
DETECTOR = MissedDeadline()
KEY = ("shop", f"{1:032x}{1:016x}")


def look(store: Store, window: Window | None = None) -> Outcome:
    window = window or Window(NOW)
    return DETECTOR.detect(store.query(DETECTOR.sql, DETECTOR.parameters(window)), window, limits())


def waiting(
    number: int = 1, *, age_s: float, timeout_s: float | None = 60, seen_ago_s: float = 0, **fields: Any
) -> list[dict[str, Any]]:
    """Return the first and the last report of a wait for tester."""
    known = {
        "kind": "wait",
        "tool": "",
        "waiting_on": "tester",
        "wait_reason": "agent",
        "wait_timeout_s": timeout_s,
    }
    return [
        observation(number, age_s=age_s, seen_ago_s=ago_s, **known | fields) for ago_s in {age_s, seen_ago_s}
    ]


def test_a_wait_that_is_seen_open_past_its_deadline_is_found_at_once(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=75))

    (finding,) = look(store).findings

    assert finding.title == "coder's wait for tester is still open 15.0 s after its deadline of 1m 00s"
    assert (finding.severity, finding.grade, finding.certain) == ("S2", "confirmed", True)
    assert (finding.project, finding.fingerprint) == KEY
    assert finding.since == ago(15)


@pytest.mark.parametrize(
    "reports",
    [
        pytest.param(waiting(age_s=50), id="within its time"),
        pytest.param(waiting(age_s=64), id="its end may be under way"),
        pytest.param(waiting(age_s=3_000, timeout_s=None), id="gave itself no time"),
        pytest.param(waiting(age_s=3_000, timeout_s=0), id="no time at all"),
        pytest.param(waiting(age_s=3_000, timeout_s=float("nan")), id="no number"),
        pytest.param(waiting(age_s=3_000, timeout_s=float("inf")), id="for ever"),
        pytest.param(waiting(age_s=75, seen_ago_s=30), id="its reports ceased before its deadline"),
        pytest.param(waiting(age_s=75) + waiting(age_s=75, ended=True), id="ended"),
    ],
)
def test_look_alikes_are_no_findings(store: Store, reports: list[dict[str, Any]]) -> None:
    insert(store, "open_spans", reports)

    assert not look(store).findings


def test_one_report_alone_gives_a_suspicion_and_none_while_its_source_is_silent(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=75, seen_ago_s=75))

    (finding,) = look(store).findings

    assert (finding.grade, finding.severity, finding.certain) == ("suspected", "S3", False)
    assert not look(store, Window(NOW, silent=frozenset({Source("shop")}))).findings


def test_a_wrong_clock_makes_no_wait_late(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=20, start=ago(5_000)))

    assert not look(store).findings


def test_the_deepest_is_blamed_and_what_is_above_stands_in_the_evidence(store: Store) -> None:
    trace = {"trace_id": (7).to_bytes(16, "big")}
    insert(store, "open_spans", waiting(1, age_s=200, timeout_s=100, **trace))
    inner = waiting(2, age_s=150, timeout_s=120, parent_span_id=(1).to_bytes(8, "big"), **trace)
    leaf = waiting(
        3, age_s=90, timeout_s=None, parent_span_id=(2).to_bytes(8, "big"), waiting_on="db", **trace
    )
    insert(store, "open_spans", inner + leaf)

    (finding,) = look(store).findings

    assert finding.fingerprint == f"{7:032x}{2:016x}"
    assert [above["span_id"] for above in finding.evidence["deadlines_above"]] == [f"{1:016x}"]
    assert finding.evidence["began_last_below"]["span_id"] == f"{3:016x}"
    # it was given until 30 s ago, what waits for it until 100 s ago
    assert finding.evidence["outlives_above"]
    assert "Look at db" in finding.advice


def test_a_root_that_is_late_blocks_whoever_asked(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=75, kind="agent"))

    assert [finding.severity for finding in look(store).findings] == ["S1"]


def test_a_person_may_be_late_with_less_alarm(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=75, waiting_on="ann", wait_reason="human"))

    assert [finding.severity for finding in look(store).findings] == ["S3"]


@pytest.mark.parametrize(
    ("duration_s", "is_late"),
    [(59.9, False), (60.5, False), (75.0, True)],
    ids=["in time", "gave up at its deadline", "long after it"],
)
def test_a_wait_that_ended_late_is_told(store: Store, duration_s: float, *, is_late: bool) -> None:
    insert(store, "steps", [step(1, ended_ago_s=10, duration_s=duration_s, kind="wait", wait_timeout_s=60.0)])

    findings = look(store).findings

    assert len(findings) == is_late
    assert all((finding.grade, finding.severity) == ("confirmed", "S3") for finding in findings)


def test_a_late_end_is_told_for_an_hour(store: Store) -> None:
    insert(store, "steps", [step(1, ended_ago_s=3_000, duration_s=75, kind="wait", wait_timeout_s=60.0)])
    watched = Window(NOW, frozenset({KEY}), changed_version=VERSION)

    assert look(store, watched).findings
    assert not look(store, Window(NOW, changed_version=VERSION)).findings

    outcome = look(store, Window(NOW + timedelta(seconds=700), frozenset({KEY}), changed_version=VERSION))
    assert not outcome.findings
    assert outcome.resolutions == {KEY: ENDED}


def test_what_was_reported_open_is_over_when_it_ends(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=75) + waiting(age_s=75, ended=True))
    insert(store, "steps", [step(1, ended_ago_s=0, duration_s=75, kind="wait", wait_timeout_s=60.0)])

    outcome = look(store, Window(NOW, frozenset({KEY})))

    assert not outcome.findings
    assert outcome.resolutions == {KEY: ENDED}


def test_it_resolves_when_its_reports_cease_or_something_below_it_is_late(store: Store) -> None:
    window = Window(NOW, frozenset({KEY}))
    insert(store, "open_spans", waiting(age_s=75, seen_ago_s=30))
    assert look(store, window).resolutions == {KEY: LOST}

    inner = {"trace_id": (1).to_bytes(16, "big"), "parent_span_id": (1).to_bytes(8, "big")}
    insert(store, "open_spans", waiting(age_s=75))
    insert(store, "open_spans", waiting(2, age_s=70, timeout_s=30, **inner))
    assert look(store, window).resolutions == {KEY: BELOW}


def test_ids_of_another_project_are_others(store: Store) -> None:
    insert(store, "open_spans", waiting(age_s=75) + waiting(age_s=50, project="other"))

    assert [finding.project for finding in look(store).findings] == ["shop"]


def test_a_project_takes_no_room_of_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed_deadline, "ROWS_MAX", 5)
    crowd = [waiting(number, age_s=900 + number, project="crowded") for number in range(10, 20)]
    insert(store, "open_spans", [*waiting(age_s=75), *(report for reports in crowd for report in reports)])

    outcome = look(store)

    assert {finding.project for finding in outcome.findings} == {"crowded", "shop"}
    assert outcome.partial


def test_a_circle_of_parents_is_walked_once() -> None:
    rows = [row(1, parent=2), row(2, parent=1)]

    (finding,) = DETECTOR.detect(rows, Window(NOW), limits()).findings or [None]

    assert finding is None or finding.fingerprint


def row(number: int, *, parent: int) -> dict[str, Any]:
    known = {
        "project": "shop",
        "trace": f"{1:032x}",
        "span": f"{number:016x}",
        "parent_span": f"{parent:016x}",
        "start_ns": NOW_NS - 75 * 10**9,
        "first_seen_ns": NOW_NS - 75 * 10**9,
        "last_seen_ns": NOW_NS,
        "end_ns": 0,
        "timeout_s": 60.0,
    }
    return dict.fromkeys(DeadlineRow.__dataclass_fields__, "") | known
