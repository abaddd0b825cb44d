"""Every capture of a real framework, loaded and assembled, against labels written apart from the code."""

from collections.abc import Iterator
from typing import Any

import pytest

from analytics.assembly.assembler import Assembler
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.captures.labels import CAPTURES, SpanLabel, capture_label, capture_requests
from tests.segments import body_of, seal

FIELDS = (
    "kind", "agent", "tool", "model", "provider", "session", "state", "status", "error_type",
    "input_tokens", "output_tokens", "tokens_counted", "handoff_to", "waiting_on",
)  # fmt: skip

# Where a label says what a person would call right and no rule of the table can know it: the
# label's own doubt gives the reason.
BEYOND_THE_TABLE = {
    ("crewai_openinference", "4c39fd875d67eaef", "agent"),
    ("crewai_openinference", "28fc33eb4bc36308", "agent"),
    ("openai-agents_traceloop", "", "handoff_to"),
}

# What happened in the run that four instrumentations of openai-agents recorded.
RUN = {
    "agents": {"triage_agent", "researcher_agent", "billing_agent", "broken_agent"},
    "tools": {("triage_agent", "ask_researcher"), ("billing_agent", "lookup_invoice")},
    "hand-offs": {("triage_agent", "researcher_agent"), ("triage_agent", "billing_agent")},
    "models": {"gpt-fake-resp", "gpt-fake-chat"},
    "tokens": (296, 54),
}
# Traceloop hangs the agent called as a tool under the workflow; OpenTelemetry has no span for a hand-off.
UNSEEN_HAND_OFFS = {
    "traceloop": {("triage_agent", "researcher_agent")},
    "otel-genai": {("triage_agent", "billing_agent")},
}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """All captures in one store: span id -> step."""
    folder = tmp_path_factory.mktemp("captures")
    store, folders = open_store(f"chdb://{folder / 'store'}"), Folders(folder)
    migrate(store)
    folders.create()
    for capture in CAPTURES:
        load(store, folders, [body_of(path) for path in capture_requests(capture)])
    Assembler(store).run_once()
    rows = store.query("SELECT *, lower(hex(span_id)) AS id FROM steps FINAL")
    yield {row["id"]: row for row in rows}
    store.close()


def load(store: Store, folders: Folders, bodies: list[bytes]) -> None:
    reader = SegmentReader(store, Cuts())
    Loader(store, reader, folders, Quarantine(reader, folders)).load([seal(folders, bodies)])


@pytest.mark.parametrize("capture", CAPTURES)
def test_every_span_of_a_capture_reads_as_its_label_says(capture: str, steps: dict[str, Any]) -> None:
    label = capture_label(capture)

    wrong = [found for span in label.spans for found in differences(capture, span, steps[span.span_id])]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("capture", CAPTURES)
def test_tokens_of_a_capture_are_counted_once(capture: str, steps: dict[str, Any]) -> None:
    label = capture_label(capture)
    counted = [steps[span.span_id] for span in label.spans if steps[span.span_id]["tokens_counted"]]

    assert sum(step["input_tokens"] or 0 for step in counted) == label.input_tokens
    assert sum(step["output_tokens"] or 0 for step in counted) == label.output_tokens


@pytest.mark.parametrize("capture", ["traceloop", "logfire", "openinference", "otel-genai"])
def test_four_instrumentations_of_one_run_agree(capture: str, steps: dict[str, Any]) -> None:
    own = [steps[span.span_id] for span in capture_label(f"openai-agents_{capture}").spans]

    assert told(own) == RUN | {"hand-offs": RUN["hand-offs"] - UNSEEN_HAND_OFFS.get(capture, set())}


def test_no_span_is_stored_that_no_label_knows(steps: dict[str, Any]) -> None:
    labelled = {span.span_id for capture in CAPTURES for span in capture_label(capture).spans}

    assert set(steps) == labelled


def differences(capture: str, label: SpanLabel, step: dict[str, Any]) -> Iterator[str]:
    """What a step says otherwise than its label."""
    step = step | {"status": "ok" if step["status"] == "unset" else step["status"]}
    for field in FIELDS:
        beyond = {(capture, label.span_id, field), (capture, "", field)} & BEYOND_THE_TABLE
        if step[field] != getattr(label, field) and not (beyond and field in label.doubts):
            yield f"{label.span_id} {label.name}: {field} is {step[field]!r}, not {getattr(label, field)!r}"
    if label.error_contains not in step["error_message"]:
        yield f"{label.span_id} {label.name}: error_message lacks {label.error_contains!r}"


def told(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What steps say of a run, as `RUN` puts it. Some tell the model asked for, some its dated version."""
    counted = [step for step in steps if step["tokens_counted"]]
    return {
        "agents": {step["agent"] for step in steps} - {""},
        "tools": {(step["agent"], step["tool"]) for step in steps if step["tool"]},
        "hand-offs": {(step["agent"], step["handoff_to"]) for step in steps if step["handoff_to"]},
        "models": {step["model"].removesuffix("-2026-01-01") for step in steps if step["model"]},
        "tokens": tuple(sum(step[f"{way}_tokens"] for step in counted) for way in ("input", "output")),
    }
