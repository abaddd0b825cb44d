"""The statement reads in the real engine what the detector judges, and loading brings it there."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly.assembler import Assembler
from analytics.detectors import deadlock
from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import Outcome, Window
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.analytics.detectors.test_deadlock import said
from tests.analytics.detectors.watching import Watching
from tests.analytics.rows import NOW, insert, observation
from tests.builders import SECOND, span
from tests.captures.labels import capture_requests
from tests.segments import body_of

DETECTOR = Deadlock()
NOW_NS = int(NOW.timestamp()) * SECOND
Load = Callable[..., None]


def looked(store: Store, window: Window | None = None) -> Outcome:
    window = window or Window(NOW)
    return DETECTOR.detect(store.query(DETECTOR.sql, DETECTOR.parameters(window)), window, limits())


def watched_by(outcome: Outcome) -> Window:
    return Window(NOW, frozenset((finding.project, finding.fingerprint) for finding in outcome.findings))


def ids(number: int) -> dict[str, bytes]:
    return {"trace_id": number.to_bytes(16, "big"), "span_id": number.to_bytes(8, "big")}


def agent(name: str, number: int) -> Span:
    said = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}
    return span(f"invoke_agent {name}", said, **ids(number), start_ns=NOW_NS - 90 * SECOND, end_ns=0)


def wait(number: int, target: str | list[str], *, age_s: float = 60, end_s: float = 0, **said: Any) -> Span:
    """Return a report of a wait below the agent of that number, as `doldrums-client` makes it."""
    known = {"doldrums.wait.on": target, "doldrums.wait.kind": "agent"}
    known |= {f"doldrums.wait.{name}": value for name, value in said.items()}
    place = {"trace_id": number.to_bytes(16, "big"), "span_id": (1_000 + number).to_bytes(8, "big")}
    start_ns = NOW_NS - int(age_s * SECOND)
    end_ns = start_ns + int(end_s * SECOND) if end_s else 0
    return span("wait", known, **place, parent=number.to_bytes(8, "big"), start_ns=start_ns, end_ns=end_ns)


def told(store: Store, load: Load, *spans: Span) -> None:
    """Load the spans as they are reported open, twice, and assemble them."""
    for seen_ago_s in (50, 1):
        load(*spans, at_ns=NOW_NS - seen_ago_s * SECOND)
    Assembler(store).run_once()


def test_a_ring_that_was_loaded_is_found(store: Store, load: Load) -> None:
    told(
        store,
        load,
        agent("coder", 1),
        wait(1, "tester", resource="tests"),
        agent("tester", 2),
        wait(2, ["coder"]),
    )

    (finding,) = looked(store).findings

    assert (finding.grade, finding.project) == ("confirmed", "default")
    assert said(finding) in (["coder > tester", "tester > coder"], ["tester > coder", "coder > tester"])
    assert finding.evidence["hops"][0]["overdue"] is False


def test_a_ring_of_locks_that_was_loaded_is_found(store: Store, load: Load) -> None:
    spans = []
    for number, name, held, wanted in ((1, "importer", "index", "ledger"), (2, "auditor", "ledger", "index")):
        hold = span(
            f"hold {held}",
            {"doldrums.holds": held, "doldrums.holds.capacity": 1},
            trace_id=number.to_bytes(16, "big"),
            span_id=(2_000 + number).to_bytes(8, "big"),
            parent=number.to_bytes(8, "big"),
            start_ns=NOW_NS - 70 * SECOND,
            end_ns=0,
        )
        spans += [agent(name, number), hold, wait(number, wanted, kind="lock")]
    told(store, load, *spans)

    (finding,) = looked(store).findings

    assert finding.grade == "confirmed"
    assert {hop["waits_for"] for hop in finding.evidence["hops"]} == {
        "index",
        "ledger",
        "importer",
        "auditor",
    }


def test_what_a_wait_says_arrives_as_it_was_said(store: Store, load: Load) -> None:
    told(store, load, agent("lead", 1), wait(1, ["ann", "bob"], needed=1, timeout_s=300.0, resource="answer"))

    outcome = looked(store)

    assert {node.label: node.working for node in outcome.waits.nodes} == {
        "lead": False,
        "ann": True,
        "bob": True,
    }
    assert [(edge.needed, edge.targets, edge.resource) for edge in outcome.waits.edges] == [
        (1, 2, "answer")
    ] * 2
    # it was seen first ten seconds after it says that it began, of which five are believed
    assert outcome.waits.edges[0].deadline_ns == NOW_NS + 245 * SECOND


def test_the_end_of_a_wait_resolves_the_ring_and_says_how(store: Store, load: Load) -> None:
    told(store, load, agent("coder", 1), wait(1, "tester"), agent("tester", 2), wait(2, "coder"))
    window = watched_by(looked(store))
    load(wait(1, "tester", end_s=58.5), at_ns=NOW_NS)
    Assembler(store).run_once()

    outcome = looked(store, window)

    (resolution,) = outcome.resolutions.values()
    assert (resolution.word, resolution.sentence) == ("ended", "coder's wait for tester ended after 58.5 s.")
    assert not outcome.findings


def test_an_end_at_the_deadline_is_told_as_giving_up(store: Store, load: Load) -> None:
    told(
        store,
        load,
        agent("coder", 1),
        wait(1, "tester", age_s=120, timeout_s=118.0),
        agent("tester", 2),
        wait(2, "coder"),
    )
    window = watched_by(looked(store))
    load(wait(1, "tester", age_s=120, end_s=118.2, timeout_s=118.0), at_ns=NOW_NS)
    Assembler(store).run_once()

    (resolution,) = looked(store, window).resolutions.values()

    assert resolution.sentence == "coder's wait for tester gave up at its deadline after 1m 58s."


def test_a_ring_that_gave_up_may_close_again_for_twice_its_time(store: Store, load: Load) -> None:
    """The ends that count are those of the last attempt, which the fingerprint does not name."""
    told(store, load, agent("coder", 1), wait(1, "tester", timeout_s=61.0), agent("tester", 2))
    told(store, load, wait(2, "coder"))
    (finding,) = looked(store).findings
    key = (finding.project, "f" * 48 + "@" + finding.fingerprint.partition("@")[2])
    load(wait(1, "tester", end_s=61.2, timeout_s=61.0), at_ns=NOW_NS + 2 * SECOND)
    Assembler(store).run_once()

    def later(seconds: float) -> Outcome:
        at = NOW + timedelta(seconds=seconds)
        return looked(store, Window(at, frozenset({key}), evidence={key: finding.evidence}))

    assert (later(120).kept, later(120).resolutions) == ([key], {})
    assert not later(122).kept
    assert later(122).resolutions[key].sentence == (
        "coder's wait for tester gave up at its deadline after 1m 01s;"
        " the ring was not seen closed again for 2m 02s."
    )


def beating(number: int, **fields: Any) -> list[dict[str, Any]]:
    known = {"kind": "wait", "wait_reason": "agent", "tool": "", "agent": f"a{number}", "name": "wait"}
    known |= {"waiting_on": f"a{3 - number}"}
    return [
        observation(number, age_s=40, seen_ago_s=seen, heartbeats=beat + 1, **known | fields)
        for beat, seen in enumerate(range(40, 0, -3))
    ]


def test_only_traces_in_which_something_waits_are_read_whole(store: Store) -> None:
    """Of all others the agents are, for somebody may wait for them."""
    llm = observation(8, age_s=30, kind="llm", **ids(7) | {"span_id": bytes(7) + b"\x08"})
    insert(store, "open_spans", [observation(7, age_s=30, kind="agent", agent="lonely"), llm, *beating(1)])

    rows = store.query(DETECTOR.sql, DETECTOR.parameters(Window(NOW)))

    assert sorted((row["kind"], row["agent"]) for row in rows) == [("agent", "lonely"), ("wait", "a1")]


def test_what_is_watched_is_read_before_what_is_older(store: Store) -> None:
    insert(store, "open_spans", [observation(9, age_s=900, kind="wait", waiting_on="x", seen_ago_s=800)])
    insert(store, "open_spans", beating(1))
    watched = Window(NOW, frozenset({("shop", f"{1:032x}{1:016x}")}))

    rows = store.query(DETECTOR.sql, {**DETECTOR.parameters(watched), "rows_max": 1})

    assert [row["agent"] for row in rows] == ["a1"]


@pytest.mark.parametrize("traces", [1, 20], ids=["one large trace", "many traces"])
@pytest.mark.parametrize("is_watched", [False, True], ids=["not told yet", "all told before"])
def test_a_project_takes_no_room_of_another(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, traces: int, is_watched: bool
) -> None:
    """It has more open spans, and older ones, than one look reads."""
    monkeypatch.setattr(deadlock, "ROWS_MAX", 10)
    known = {"project": "crowded", "kind": "wait", "waiting_on": "x"}
    crowd = [
        {**observation(number, age_s=900, **known), "trace_id": (number % traces + 90).to_bytes(16, "big")}
        for number in range(90, 110)
    ]
    insert(store, "open_spans", [*beating(1), *beating(2), *crowd])
    theirs = {("crowded", row["trace_id"].hex() + row["span_id"].hex()) for row in crowd}
    ours = {("shop", f"{1:032x}{1:016x}{2:032x}{2:016x}")}

    outcome = looked(store, Window(NOW, frozenset(theirs | ours if is_watched else ())))

    assert [(finding.project, finding.grade) for finding in outcome.findings] == [("shop", "confirmed")]
    assert outcome.partial


def test_a_ring_is_over_when_nothing_was_reported_for_a_day(store: Store) -> None:
    fingerprint = f"{1:032x}{1:016x}{2:032x}{2:016x}"

    (resolution,) = looked(store, Window(NOW, frozenset({("shop", fingerprint)}))).resolutions.values()

    assert resolution.word == "expired"


def test_a_ring_whose_reports_cease_while_others_arrive_is_lost_and_not_solved(store: Store) -> None:
    insert(store, "open_spans", beating(1) + beating(2))
    window = watched_by(looked(store))
    later = Window(NOW + timedelta(minutes=3), window.watched)
    insert(store, "open_spans", [observation(3, age_s=40, seen_ago_s=-179, kind="agent", agent="a3")])

    outcome = looked(store, later)

    assert not outcome.findings
    assert [resolution.word for resolution in outcome.resolutions.values()] == ["lost"]


def test_spans_that_arrive_ended_tell_that_a_project_is_heard_of_and_its_ring_is_not(
    store: Store, load: Load
) -> None:
    """The process was killed in the ring; the one that took its place sends what has ended, as most do."""
    told(store, load, agent("coder", 1), wait(1, "tester"), agent("tester", 2), wait(2, "coder"))
    window = Window(NOW + timedelta(minutes=3), watched_by(looked(store)).watched)
    quiet = looked(store, window)
    at_ns = NOW_NS + 179 * SECOND
    load(span("chat", {}, **ids(9), start_ns=at_ns - 2 * SECOND, end_ns=at_ns - SECOND), at_ns=at_ns)
    Assembler(store).run_once()

    outcome = looked(store, window)

    assert len(quiet.findings) == 1
    assert not outcome.findings
    assert [resolution.word for resolution in outcome.resolutions.values()] == ["lost"]


def test_the_pending_spans_of_a_process_that_was_killed_in_a_ring_are_probably_a_deadlock(
    store: Store, tmp_path: Path
) -> None:
    """Two agents of pydantic-ai under Logfire, which reports a span once: a real capture."""
    watching = Watching(store, tmp_path / "capture", Deadlock())
    watching.load(*[body_of(path) for path in capture_requests("unfinished_deadlock_logfire")])

    (finding,) = watching.look(after_s=60).findings

    assert (finding.grade, finding.agents) == ("probable", ["planner", "reviewer"])
