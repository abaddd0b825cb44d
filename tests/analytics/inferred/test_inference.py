"""What is inferred of traces that the SDK exported, and of which it does not know that they stand still."""

from collections.abc import Sequence

import pytest

from analytics.inferred.unfinished import Unfinished
from tests.analytics.inferred.conftest import Infer
from tests.analytics.plain_otlp import Recording
from tests.captures.labels import capture_requests
from tests.segments import body_of


def told(traces: Sequence[Unfinished]) -> list[tuple[str, str, str]]:
    """Return what goes on in the one trace there is: the evidence, who waits, and for what."""
    (trace,) = traces
    return [(work.evidence, work.agent, work.waits_for) for work in trace.work]


def test_a_killed_process_leaves_what_supervisor_and_researcher_wait_for(inferred: Infer) -> None:
    """The capture of pydantic-ai with a plain exporter; the truth is in its labels."""
    bodies = [body_of(path) for path in capture_requests("unfinished_stuck_otel")]

    (trace,) = inferred(*bodies)

    assert [(work.agent, work.waits_for, work.target) for work in trace.work] == [
        ("supervisor", "ask_researcher", "researcher"),
        ("researcher", "slow_search", ""),
    ]
    assert (trace.missing_parents, trace.roots, trace.talked_out) == (2, 0, False)


@pytest.mark.parametrize(
    "capture",
    [
        "pydantic-ai_otel",
        "agent-framework_native",
        "google-adk_content",
        "strands_native",
        "smolagents_openinference",
    ],
)
def test_a_run_that_ended_leaves_nothing_unfinished(inferred: Infer, capture: str) -> None:
    assert not inferred(*[body_of(path) for path in capture_requests(capture)])


def test_a_call_whose_tool_span_never_came_is_open(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    (id_,) = recording.answer(planner, "planner", "read_plan", at_s=1)
    recording.tool(planner, "read_plan", id_, at_s=2, end_s=3)
    recording.answer(planner, "planner", "await_tests", at_s=4)

    assert told(inferred(recording.body)) == [("call", "planner", "await_tests")]


def test_of_two_calls_in_one_breath_the_one_without_an_answer_is_open(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    first, _ = recording.answer(planner, "planner", "search", "search", at_s=1)
    recording.tool(planner, "search", first, at_s=2, end_s=3)

    assert told(inferred(recording.body)) == [("call", "planner", "search")]


def test_tools_without_ids_are_matched_by_name_and_time(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    recording.answer(planner, "planner", "search", at_s=1)
    recording.tool(planner, "search", at_s=2, end_s=3)
    recording.answer(planner, "planner", "search", "fetch", at_s=4)
    recording.tool(planner, "search", at_s=5, end_s=6)

    assert told(inferred(recording.body)) == [("call", "planner", "fetch")]


def test_after_the_last_answer_of_a_tool_it_is_the_models_turn(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    (id_,) = recording.answer(planner, "planner", "search", at_s=1)
    recording.tool(planner, "search", id_, at_s=2, end_s=3)

    assert told(inferred(recording.body)) == [("model", "planner", "m")]


def test_without_content_the_reason_why_the_model_stopped_says_that_it_asked(inferred: Infer) -> None:
    recording = Recording(content=False)
    planner = recording.agent("planner", at_s=0)
    recording.answer(planner, "planner", "search", at_s=1)

    assert told(inferred(recording.body)) == [("call", "planner", "")]


def test_an_agent_that_was_handed_over_to_and_did_nothing_is_waited_for(inferred: Infer) -> None:
    recording = Recording()
    team = recording.span("swarm", at_s=0)
    triage = recording.agent("triage", team, at_s=0)
    (id_,) = recording.answer(triage, "triage", "transfer_to_billing", at_s=1)
    recording.tool(triage, "transfer_to_billing", id_, at_s=2, end_s=3)
    recording.end(triage, 4)
    recording.span(
        "handoff", team, at_s=4, end_s=5,
        gen_ai__operation__name="handoff", gen_ai__agent__name="triage", gen_ai__handoff__to_agent="billing",
    )  # fmt: skip

    assert told(inferred(recording.body)) == [("handoff", "triage", "billing")]


def test_a_model_that_asked_for_nothing_has_come_to_its_end_though_the_root_was_lost(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    (id_,) = recording.answer(planner, "planner", "search", at_s=1)
    recording.tool(planner, "search", id_, at_s=2, end_s=3)
    recording.answer(planner, "planner", at_s=4)

    (trace,) = inferred(recording.body)

    assert (list(trace.work), trace.talked_out) == ([], True)


def test_a_gateway_that_sends_no_spans_is_not_at_work(inferred: Infer) -> None:
    """All there is lies in one span that has ended, and whose parent is somebody else's."""
    recording = Recording()
    gateway = recording.span("POST /ask", at_s=0)
    planner = recording.agent("planner", gateway, at_s=0)
    recording.answer(planner, "planner", at_s=1)
    recording.end(planner, 3)

    (trace,) = inferred(recording.body)

    assert (list(trace.work), trace.talked_out) == ([], True)


def test_a_tool_that_a_person_answers_is_no_trouble(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    recording.answer(planner, "planner", "request_human_approval", at_s=1)

    (trace,) = inferred(recording.body)

    assert [work.for_human for work in trace.work] == [True]


def test_a_task_that_needs_input_waits_for_a_person(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    recording.answer(planner, "planner", "ask_remote", at_s=1)
    recording.span(
        "a2a", planner, at_s=2, end_s=3,
        a2a__method__name="message/send", a2a__task__state="TASK_STATE_INPUT_REQUIRED",
    )  # fmt: skip

    (trace,) = inferred(recording.body)

    assert all(work.for_human for work in trace.work)


def test_between_two_exports_nothing_is_inferred(inferred: Infer) -> None:
    recording = Recording()
    recording.answer(recording.agent("planner", at_s=0), "planner", "search", at_s=1)

    assert not inferred(recording.body, later_s=10)


def test_a_root_that_ends_late_finishes_its_trace(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    recording.answer(planner, "planner", "search", at_s=1)
    assert inferred(recording.body)

    recording.end(planner, 500)

    assert not inferred(recording.body)


def test_an_answer_that_is_stored_in_pieces_is_read_whole(inferred: Infer) -> None:
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    long = {"code": "x = 1\n" * 2_000}
    recording.answer(planner, "planner", ("review", long), ("await_tests", {}), at_s=1)

    assert told(inferred(recording.body)) == [
        ("call", "planner", "review"),
        ("call", "planner", "await_tests"),
    ]


def test_names_are_kept_as_they_came_whatever_they_are(inferred: Infer) -> None:
    recording = Recording()
    hostile = "drop\n\x1b[31m'; SELECT 1 --" * 20
    recording.answer(recording.agent("planner", at_s=0), "planner", hostile, at_s=1)

    assert told(inferred(recording.body)) == [("call", "planner", hostile)]
