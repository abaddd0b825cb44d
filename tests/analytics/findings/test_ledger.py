import threading

import pytest
from sqlalchemy import Engine, event

from analytics.findings import ledger as ledger_module
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from analytics.findings.ledger import Changes, FindingLedger
from analytics.state.database import open_state
from tests.analytics.findings.builders import ENDED, NOW, at, finding, opened, outbox

NOTHING = Changes((), (), ())


@pytest.fixture
def ledger(engine: Engine) -> FindingLedger:
    return FindingLedger(engine, ["ops", "chat"])


def test_what_one_look_saw_is_not_open(ledger: FindingLedger, engine: Engine) -> None:
    assert ledger.reconcile("stuck_span", [finding()], at(0)) == NOTHING
    assert ledger.list("shop").items == []
    assert outbox(engine) == []


def test_what_two_looks_in_a_row_saw_is_open_since_the_first(ledger: FindingLedger) -> None:
    ledger.reconcile("stuck_span", [finding()], at(0))
    changes = ledger.reconcile("stuck_span", [finding()], at(1))

    [shown] = ledger.list("shop").items
    assert changes == Changes((shown.id,), (), ())
    assert (shown.state, shown.resolved_at) == ("open", None)
    assert (shown.first_seen, shown.last_seen) == (
        "2026-03-01T12:00:00.000250000Z",
        "2026-03-01T12:00:02.000250000Z",
    )


def test_two_looks_with_an_empty_one_between_open_nothing(ledger: FindingLedger) -> None:
    for look, found in enumerate([[finding()], [], [finding()]]):
        assert ledger.reconcile("stuck_span", found, at(look)) == NOTHING


def test_every_field_is_shown_as_it_was_found(ledger: FindingLedger) -> None:
    [finding_id] = opened(ledger, finding())

    shown = ledger.get("shop", finding_id)
    assert shown is not None
    expected = finding()
    for name in ("project", "detector", "fingerprint", "severity", "grade", "title", "advice"):
        assert getattr(shown, name) == getattr(expected, name)
    for name in ("agents", "trace_ids", "span_ids", "evidence"):
        assert getattr(shown, name) == getattr(expected, name)


def test_a_later_look_refreshes_what_it_says(ledger: FindingLedger) -> None:
    [finding_id] = opened(ledger, finding())
    worse = finding(
        severity="S1", grade="confirmed", title="Worse.", evidence={"age_s": 90.0}, agents=["coder", "tester"]
    )

    changes = ledger.reconcile("stuck_span", [worse], at(2))

    shown = ledger.get("shop", finding_id)
    assert shown is not None
    assert changes == Changes((), (finding_id,), ())
    assert (shown.severity, shown.grade, shown.title) == ("S1", "confirmed", "Worse.")
    assert (shown.evidence, shown.agents) == ({"age_s": 90.0}, ["coder", "tester"])
    assert (shown.first_seen, shown.last_seen) == (
        "2026-03-01T12:00:00.000250000Z",
        "2026-03-01T12:00:04.000250000Z",
    )


def test_one_absent_look_resolves_nothing_and_two_do(ledger: FindingLedger) -> None:
    [finding_id] = opened(ledger, finding())

    assert ledger.reconcile("stuck_span", [], at(2)) == NOTHING
    assert ledger.reconcile("stuck_span", [], at(3)) == Changes((), (), (finding_id,))
    shown = ledger.get("shop", finding_id)
    assert shown is not None
    assert (shown.state, shown.resolved_at) == ("resolved", "2026-03-01T12:00:06.000250000Z")
    assert shown.last_seen == "2026-03-01T12:00:02.000250000Z"


def test_absent_looks_count_only_in_a_row(ledger: FindingLedger) -> None:
    opened(ledger, finding())

    for look, found in enumerate([[], [finding()], [], [finding()], []], start=2):
        assert ledger.reconcile("stuck_span", found, at(look)).resolved == ()


@pytest.mark.parametrize("found", [[], [finding()]], ids=["absent", "still found"])
def test_what_ended_is_resolved_at_once(ledger: FindingLedger, found: list[Finding]) -> None:
    [finding_id] = opened(ledger, finding())

    changes = ledger.reconcile("stuck_span", found, at(2), {("shop", "f1"): ENDED})

    assert changes == Changes((), (), (finding_id,))


@pytest.mark.parametrize(
    ("reasons", "word", "sentence"),
    [
        ({("shop", "f1"): Resolution("lost", "Its process is silent.")}, "lost", "Its process is silent."),
        ({("other", "f1"): ENDED}, "unseen", "It was not found any more."),
    ],
)
def test_a_resolved_finding_says_why(
    ledger: FindingLedger, reasons: dict[Key, Resolution], word: str, sentence: str
) -> None:
    [finding_id] = opened(ledger, finding())
    opening = ledger.get("shop", finding_id)
    for look in (2, 3):
        ledger.reconcile("stuck_span", [], at(look), reasons)

    shown = ledger.get("shop", finding_id)
    assert opening is not None
    assert (opening.resolution_word, opening.resolution) == (None, None)
    assert shown is not None
    assert (shown.resolution_word, shown.resolution) == (word, sentence)


def test_what_ended_in_another_project_resolves_nothing(ledger: FindingLedger) -> None:
    opened(ledger, finding())

    assert ledger.reconcile("stuck_span", [], at(2), {("other", "f1"): ENDED}) == NOTHING


def test_what_comes_back_opens_anew_under_another_id(ledger: FindingLedger) -> None:
    [first] = opened(ledger, finding())
    ledger.reconcile("stuck_span", [], at(2))
    ledger.reconcile("stuck_span", [], at(3))

    [second] = opened(ledger, finding(), look=4)

    assert first != second
    assert [(shown.id, shown.state) for shown in ledger.list("shop").items] == [
        (second, "open"),
        (first, "resolved"),
    ]


def test_what_ended_does_not_open_again(ledger: FindingLedger) -> None:
    [first] = opened(ledger, finding())
    ledger.reconcile("stuck_span", [], at(2), {("shop", "f1"): ENDED})

    assert opened(ledger, finding(), look=3) == ()
    assert len(opened(ledger, finding(project="other"), look=5)) == 1
    assert [shown.id for shown in ledger.list("shop").items] == [first]


def test_what_is_certain_opens_at_the_first_look(ledger: FindingLedger) -> None:
    found = [finding("f1", certain=True), finding("f2")]

    changes = ledger.reconcile("stuck_span", found, at(0))

    [shown] = ledger.list("shop").items
    assert (changes.opened, shown.fingerprint, shown.first_seen) == ((shown.id,), "f1", shown.last_seen)
    assert len(ledger.reconcile("stuck_span", found, at(1)).opened) == 1


def test_projects_and_detectors_are_apart(ledger: FindingLedger) -> None:
    opened(ledger, finding(), finding(project="other"))
    opened(ledger, finding(detector="deadlock"))

    assert [len(ledger.list(project).items) for project in ("shop", "other", "nobody's")] == [2, 1, 0]
    [theirs] = ledger.list("other").items
    assert (ledger.get("other", theirs.id), ledger.get("shop", theirs.id)) == (theirs, None)
    assert ledger.reconcile("deadlock", [finding(detector="deadlock")], at(9)).resolved == ()
    assert [ledger.count_open(name) for name in ("stuck_span", "deadlock", "loop")] == [2, 1, 0]
    assert [ledger.count_open("stuck_span", project) for project in ("shop", "nobody's")] == [1, 0]
    assert {shown.project for shown in ledger.open("stuck_span")} == {"shop", "other"}


def test_of_two_with_one_fingerprint_the_first_counts(ledger: FindingLedger) -> None:
    opened(ledger, finding(title="First."), finding(title="Second."))

    assert [shown.title for shown in ledger.list("shop").items] == ["First."]


def test_opening_and_resolving_tell_each_webhook_once(ledger: FindingLedger, engine: Engine) -> None:
    [finding_id] = opened(ledger, finding())
    ledger.reconcile("stuck_span", [finding(title="Changed.")], at(2))
    ledger.reconcile("stuck_span", [], at(3))
    ledger.reconcile("stuck_span", [], at(4))

    assert outbox(engine) == [
        ("finding.opened", "chat", finding_id),
        ("finding.opened", "ops", finding_id),
        ("finding.resolved", "chat", finding_id),
        ("finding.resolved", "ops", finding_id),
    ]


def test_a_restart_between_looks_changes_nothing(state_dsn: str) -> None:
    events = []
    for look, found in enumerate([[finding()], [finding()], [], []]):
        engine = open_state(state_dsn)
        changes = FindingLedger(engine, []).reconcile("stuck_span", found, at(look))
        events.append((len(changes.opened), len(changes.resolved)))
        engine.dispose()

    assert events == [(0, 0), (1, 0), (0, 0), (0, 1)]


def test_a_look_that_breaks_off_leaves_nothing_behind(
    ledger: FindingLedger, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.reconcile("stuck_span", [finding()], at(0))
    with monkeypatch.context() as broken:
        broken.setattr(ledger_module, "enqueue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.reconcile("stuck_span", [finding()], at(1))
    assert ledger.list("shop").items == []

    changes = ledger.reconcile("stuck_span", [finding()], at(2))

    assert len(changes.opened) == 1
    assert len(outbox(engine)) == 2


def test_a_clock_that_is_set_back_does_not_turn_times_around(ledger: FindingLedger) -> None:
    ledger.reconcile("stuck_span", [finding()], at(10))
    [finding_id] = ledger.reconcile("stuck_span", [finding()], at(9)).opened
    ledger.reconcile("stuck_span", [finding()], at(2))
    ledger.reconcile("stuck_span", [], at(1), {("shop", "f1"): ENDED})

    shown = ledger.get("shop", finding_id)
    assert shown is not None
    assert shown.resolved_at is not None
    assert shown.first_seen <= shown.last_seen <= shown.resolved_at


def test_looks_at_once_from_two_processes_open_a_finding_once(state_dsn: str) -> None:
    engines = [open_state(state_dsn) for _ in range(2)]
    found = [finding(f"f{n}") for n in range(50)]
    changes: list[Changes] = []

    def look(engine: Engine) -> None:
        ledger = FindingLedger(engine, ["ops"])
        changes.extend(ledger.reconcile("stuck_span", found, at(n)) for n in range(5))

    threads = [threading.Thread(target=look, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(changes) == 10
    assert sum(len(change.opened) for change in changes) == 50
    assert len(outbox(engines[0])) == 50
    for engine in engines:
        engine.dispose()


HOSTILE = "a\x00b\ud800c'\"\\;--{}%\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 300_000


def test_whatever_telemetry_says_is_stored_and_found_again(ledger: FindingLedger) -> None:
    bad = finding(
        HOSTILE,
        project=HOSTILE,
        title=HOSTILE,
        advice=HOSTILE,
        agents=[HOSTILE],
        trace_ids=[HOSTILE],
        evidence={HOSTILE: [HOSTILE, float("nan"), float("inf"), 2**80, NOW]},
    )

    [finding_id] = opened(ledger, bad)

    assert ledger.reconcile("stuck_span", [bad], at(2)).updated == (finding_id,)
    shown = ledger.get(HOSTILE, finding_id)
    assert shown is not None
    assert shown.title.startswith("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c'")
    assert len(shown.title) == 1_000
    assert next(iter(shown.evidence.values()))[1:4] == [None, None, 2**80]
    assert ledger.reconcile("stuck_span", [bad], at(3), {(HOSTILE, HOSTILE): ENDED}).resolved == (finding_id,)


def test_the_number_of_statements_does_not_grow_with_the_findings(
    ledger: FindingLedger, engine: Engine
) -> None:
    counts = []
    for n in (10, 1_000):
        detector = f"detector-{n}"
        found = [finding(f"f{i}", detector=detector) for i in range(n)]
        moved = [finding(f"f{i}", detector=detector, agents=["tester"]) for i in range(n)]
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)  # noqa: B023 - used before the loop goes on

        event.listen(engine, "before_cursor_execute", note)
        for look, seen in enumerate([found, found, moved, moved[1:], []]):
            ledger.reconcile(detector, seen, at(look))
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))

    assert counts[0] == counts[1]
