"""The labels agree with the captured requests, and with themselves."""

from dataclasses import fields
from pathlib import Path

import pytest

from tests.captures.labels import CAPTURES, CaptureLabel, SpanLabel, capture_label, capture_requests
from tests.captures.wire import WireSpan, pre_order, wire_spans

DESIGN_KINDS = {
    *("workflow", "agent", "llm", "tool", "handoff", "wait", "retriever", "embedding", "memory", "guardrail"),
    *("evaluator", "task", "step", "chain", "message_send", "message_process", "other"),
}


def joined(capture: str) -> list[tuple[SpanLabel, WireSpan]]:
    by_id = {span.span_id: span for span in wire_spans(capture)}
    return [(label, by_id[label.span_id]) for label in capture_label(capture).spans]


def totals(label: CaptureLabel) -> tuple[int, int, int]:
    return label.input_tokens, label.output_tokens, label.errors


@pytest.mark.parametrize("capture", CAPTURES)
def test_every_real_span_is_labelled_exactly_once_and_in_pre_order(capture: str) -> None:
    labels = capture_label(capture)
    labelled = [(trace.trace_id, span.span_id) for trace in labels.traces for span in trace.spans]

    assert labelled == pre_order(wire_spans(capture))


@pytest.mark.parametrize("capture", CAPTURES)
def test_names_parents_states_and_errors_are_those_on_the_wire(capture: str) -> None:
    for label, wire in joined(capture):
        assert (label.name, label.parent_span_id) == (wire.name, wire.parent_span_id)
        assert (label.state == "open") == wire.is_open
        waits_for_a_human = label.waiting_on == "human"
        assert (label.status == "error") == (wire.is_error and not waits_for_a_human)
        assert bool(label.error_type) == (label.status == "error")
        assert label.error_contains in wire.text


@pytest.mark.parametrize("capture", CAPTURES)
def test_no_labelled_word_is_invented(capture: str) -> None:
    spans = joined(capture)
    everything = "\n".join(wire.name + "\n" + wire.text for _, wire in spans)

    for label, wire in spans:
        error_type = "" if label.error_type == "_OTHER" else label.error_type
        for word in (label.tool, label.model, label.user, error_type):
            assert word in wire.name + wire.text
        assert label.provider in wire.text.lower()
        for word in (label.agent, label.handoff_to, label.session):
            assert word in everything


@pytest.mark.parametrize("capture", CAPTURES)
def test_totals_are_the_sums_of_what_is_counted(capture: str) -> None:
    label = capture_label(capture)

    for trace in label.traces:
        counted = [span for span in trace.spans if span.tokens_counted]
        assert trace.input_tokens == sum(span.input_tokens or 0 for span in counted)
        assert trace.output_tokens == sum(span.output_tokens or 0 for span in counted)
        assert trace.errors == sum(span.status == "error" for span in trace.spans)
        assert trace.agents == {span.agent for span in trace.spans} - {""}
    assert totals(label) == tuple(
        map(sum, zip(*((t.input_tokens, t.output_tokens, t.errors) for t in label.traces), strict=True))
    )
    assert label.agents == frozenset().union(*(trace.agents for trace in label.traces))


@pytest.mark.parametrize("capture", CAPTURES)
def test_the_innermost_model_calls_and_no_others_are_counted(capture: str) -> None:
    spans = capture_label(capture).spans
    calls = [span for span in spans if span.kind in ("llm", "embedding")]
    outer = {call.parent_span_id for call in calls}

    assert {span.span_id for span in spans if span.tokens_counted} == {
        call.span_id for call in calls if call.span_id not in outer and call.input_tokens is not None
    }


@pytest.mark.parametrize("capture", CAPTURES)
def test_hand_offs_join_labelled_agents_or_nodes_and_match_their_spans(capture: str) -> None:
    label = capture_label(capture)
    nodes = {span.name.removeprefix("execute_task ") for span in label.spans}
    targets = {span.span_id: span.handoff_to for span in label.spans if span.handoff_to}

    for handoff in label.handoffs:
        assert {handoff.source, handoff.target} <= label.agents | nodes
        assert handoff.mode in ("pass_control", "return_to_caller")
    assert targets == {handoff.span_id: handoff.target for handoff in label.handoffs if handoff.span_id}


@pytest.mark.parametrize("capture", CAPTURES)
def test_labels_speak_the_designs_words(capture: str) -> None:
    names = {field.name for field in fields(SpanLabel)}
    label = capture_label(capture)
    parents = {span.span_id: span.parent_span_id for span in label.spans}

    for span in label.spans:
        assert span.kind in DESIGN_KINDS
        assert set(span.doubts) <= names
        assert span.duplicate_of in ("", parents[span.span_id])
    for trace in label.traces:
        assert set(trace.doubts) <= names
        known = {"", *(span.span_id for span in trace.spans)}
        unknown = {span.parent_span_id for span in trace.spans} - known
        assert unknown == set(trace.missing_parents)


def test_every_capture_has_requests_and_labels() -> None:
    folder = Path(__file__).parent / "requests"

    assert set(CAPTURES) == {capture.name for capture in folder.iterdir()}
    assert all(capture_requests(capture) for capture in CAPTURES)
