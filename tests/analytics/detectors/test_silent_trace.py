"""Traces that stopped in the middle, told from those that wait, ended, or lost a span on the way."""

from pathlib import Path

import pytest

from analytics.baselines.work import Work
from analytics.detectors import silent_trace
from analytics.detectors.silent_trace import SilentTrace
from analytics.detectors.source import Source
from analytics.findings.judgement import Key
from analytics.inferred import reader
from collector.store.store import Store
from tests.analytics.baselines.durations import counted, limits, spread
from tests.analytics.detectors.watching import Watching
from tests.analytics.plain_otlp import Recording
from tests.captures.labels import capture_requests
from tests.segments import body_of

AWAIT_TESTS = Work("default", "tool", "coder", "execute_tool", "await_tests", "", "")
# 99 % of these take 40 s at most, so their limit is two minutes
LEARNED = limits(counted(AWAIT_TESTS, spread(20, 240)))


@pytest.fixture
def watching(store: Store, tmp_path: Path) -> Watching:
    return Watching(store, tmp_path, SilentTrace())


def hanging(*, content: bool = True, call: str = "await_tests") -> Recording:
    """Return coder's run, which asked for something that never came."""
    recording = Recording(content=content)
    coder = recording.agent("coder", at_s=0)
    (id_,) = recording.answer(coder, "coder", "read_code", at_s=1)
    recording.tool(coder, "read_code", id_, at_s=2, end_s=3)
    recording.answer(coder, "coder", call, at_s=4)
    return recording


def ended(recording: Recording) -> None:
    run = recording.agent("coder", at_s=0)
    recording.answer(run, "coder", at_s=1)
    recording.end(run, 3)


def test_a_call_that_never_returns_is_found_when_such_calls_never_take_so_long(watching: Watching) -> None:
    watching.load(hanging().body)

    assert not watching.look(after_s=110, learned=LEARNED).findings
    (finding,) = watching.look(after_s=140, learned=LEARNED).findings

    assert finding.title.startswith(
        "coder's call await_tests has not returned, and its trace has been silent for 2m"
    )
    assert "(inferred)" in finding.title
    assert (finding.severity, finding.grade, finding.agents) == ("S3", "probable", ["coder"])
    assert finding.evidence["baseline"]["n"] == 240
    assert finding.evidence["waits_for"]["waits_for"] == "await_tests"


def test_an_unlearned_limit_is_the_default_and_says_so(watching: Watching) -> None:
    watching.load(hanging().body)

    assert not watching.look(after_s=55).findings
    (finding,) = watching.look(after_s=70).findings

    assert finding.grade == "suspected"
    assert "unlearned" in finding.title


def test_the_captured_process_that_was_killed_is_found_with_who_waits_behind(watching: Watching) -> None:
    watching.load(*[body_of(path) for path in capture_requests("unfinished_stuck_otel")])

    (finding,) = watching.look(after_s=130).findings

    assert finding.title.startswith("researcher's call slow_search has not returned")
    assert finding.agents == ["researcher", "supervisor"]
    assert "Waiting behind it: supervisor." in finding.advice


def test_without_content_it_is_known_that_a_tool_was_asked_for(watching: Watching) -> None:
    watching.load(hanging(content=False).body)

    (finding,) = watching.look(after_s=130).findings

    assert finding.title.startswith("coder's call a tool has not returned")
    assert finding.grade == "suspected"


def test_a_trace_that_waits_for_a_person_is_not_silent(watching: Watching) -> None:
    watching.load(hanging(call="request_human_approval").body)

    assert not watching.look(after_s=80_000).findings


def test_a_trace_that_ended_is_not_silent(watching: Watching) -> None:
    recording = Recording()
    ended(recording)
    watching.load(recording.body)

    assert not watching.look(after_s=80_000).findings


def test_a_model_that_came_to_its_end_only_lost_its_root(watching: Watching) -> None:
    recording = Recording()
    recording.answer(recording.agent("coder", at_s=0), "coder", at_s=1)
    watching.load(recording.body)

    assert not watching.look(after_s=80_000).findings


def test_while_its_source_is_silent_nothing_is_concluded(watching: Watching) -> None:
    watching.load(hanging().body)
    silent = {Source("default", "agents")}

    assert not watching.look(after_s=300, silent=silent).findings
    (finding,) = watching.look(after_s=300).findings
    assert watching.look(after_s=400, silent=silent, watched={("default", finding.fingerprint)}).findings


def test_what_is_reported_open_is_left_to_stuck_span(watching: Watching) -> None:
    watching.load(*[body_of(path) for path in capture_requests("unfinished_deadlock_logfire")])

    assert not watching.look(after_s=3_000).findings


def test_a_missing_root_alone_says_nothing_where_no_trace_is_known_to_end(watching: Watching) -> None:
    """Every call is a trace of its own, below a caller that sends no spans."""
    for _ in range(3):
        recording = Recording()
        caller = recording.span("POST /run", at_s=0)
        for second in (1, 3):
            recording.tool(caller, "search", at_s=second, end_s=second + 1)
        watching.load(recording.body)

    assert not watching.look(after_s=80_000).findings


def test_a_missing_root_says_that_a_trace_stopped_where_all_others_ended(watching: Watching) -> None:
    others = Recording()
    for _ in range(25):
        ended(others)
    stopped = Recording()
    caller = stopped.span("run", at_s=0)
    for second in (1, 3):
        stopped.tool(caller, "search", at_s=second, end_s=second + 1)
    watching.load(others.body, stopped.body)

    (finding,) = watching.look(after_s=200).findings

    assert finding.grade == "suspected"
    assert "25 other traces ended" in finding.evidence["false_positive_note"]


def test_where_most_traces_have_no_end_calls_are_answered_somewhere_else(watching: Watching) -> None:
    """Each model call is a trace of its own, and what it asks for is done by a client in another one."""
    watching.load(*[hanging().body for _ in range(8)])

    assert not watching.look(after_s=300).findings


def key(watching: Watching) -> Key:
    (finding,) = watching.look(after_s=130).findings
    return finding.project, finding.fingerprint


def test_it_resolves_when_the_root_ends(watching: Watching) -> None:
    recording = Recording()
    coder = recording.agent("coder", at_s=0)
    recording.answer(coder, "coder", "await_tests", at_s=4)
    watching.load(recording.body)
    watched = key(watching)
    recording.end(coder, 300)
    watching.load(recording.body)

    outcome = watching.look(after_s=130, watched={watched})

    assert not outcome.findings
    assert outcome.resolutions[watched].word == "ended"


def test_it_resolves_when_the_trace_moves_again(watching: Watching) -> None:
    recording = Recording()
    coder = recording.agent("coder", at_s=0)
    recording.answer(coder, "coder", "await_tests", at_s=4)
    watching.load(recording.body)
    watched = key(watching)
    recording.tool(coder, "await_tests", at_s=5, end_s=200)
    watching.load(recording.body)

    outcome = watching.look(after_s=5, watched={watched})

    assert not outcome.findings
    assert outcome.resolutions[watched].word == "progressed"


def test_it_is_forgotten_after_a_day(watching: Watching) -> None:
    watching.load(hanging().body)
    watched = key(watching)

    outcome = watching.look(after_s=90_000, watched={watched})

    assert not outcome.findings
    assert outcome.resolutions[watched].word == "expired"


def test_equal_traces_of_two_projects_are_two(watching: Watching) -> None:
    body = hanging().body
    watching.load(body, project="one")
    watching.load(body, project="two")

    assert {finding.project for finding in watching.look(after_s=130).findings} == {"one", "two"}


@pytest.mark.parametrize(
    "bounds",
    [
        pytest.param({"TRACES_MAX": 5}, id="known"),
        pytest.param({"READ_TRACES_MAX": 3}, id="read at once"),
        pytest.param({}, id="looked at again"),
    ],
)
def test_a_project_takes_no_room_of_another(
    watching: Watching, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, int]
) -> None:
    """A service whose roots never come, before and after."""
    for name, bound in bounds.items():
        monkeypatch.setattr(reader, name, bound)
    monkeypatch.setattr(silent_trace, "TRACES_MAX", 4)
    for project in (*["crowded"] * 6, "shop", *["crowded"] * 6):
        watching.load(hanging().body, project=project)

    assert "shop" in {finding.project for finding in watching.look(after_s=130).findings}


def test_what_models_and_tools_say_stands_in_no_finding(watching: Watching) -> None:
    recording = Recording()
    coder = recording.agent("coder", at_s=0)
    recording.answer(coder, "coder", ("search", {"q": "the secret plan"}), at_s=1)
    watching.load(recording.body)

    (finding,) = watching.look(after_s=130).findings

    assert "secret plan" not in repr(finding)
