"""The prompts and tools of what real frameworks sent."""

from pathlib import Path

from analytics.prompts.asked import asked_with
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.analytics.detectors.looking import assembled
from tests.captures.labels import CAPTURES, capture_requests
from tests.segments import body_of, seal

CALLS = """
SELECT DISTINCT concat(lower(hex(trace_id)), lower(hex(span_id)), project) AS place
FROM spans WHERE kind = 'llm'"""

# Not captured there, or as events beside the span (OpenTelemetry's before 1.37, Strands').
WITHOUT_PROMPT = {
    "autogen_native",
    "crewai_openinference",
    "google-adk_native",
    "otel-genai-openai_events",
    "strands_native",
    "unfinished_deadlock_logfire",
    "unfinished_stuck_otel",
    "vercel-ai_json",
}
WITHOUT_TOOLS = {
    "agent-framework_native",
    "autogen_native",
    "crewai_openinference",
    "langfuse_sdk",
    "mlflow_sdk",
    "openai-agents_logfire",
    "openlit_openai",
    "otel-genai-openai_events",
    "strands_native",
    "traceloop-sdk_decorators",
}


def test_they_are_read_of_every_framework_that_sends_them(store: Store, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.create()
    reader = SegmentReader(store, Cuts())
    loader = Loader(store, reader, folders, Quarantine(reader, folders))
    for capture in CAPTURES:
        loader.load([seal(folders, [body_of(file) for file in capture_requests(capture)], project=capture)])

    assembled(store)
    found = list(asked_with(store, [row["place"] for row in store.query(CALLS)]))

    with_prompt = {place[48:] for place, one in found if one.prompt}
    with_tools = {place[48:] for place, one in found if one.tools}
    assert set(CAPTURES) - with_prompt == WITHOUT_PROMPT
    assert set(CAPTURES) - with_tools == WITHOUT_TOOLS
    told = [text for _, one in found for text in one.tools.values()]
    assert not any('"content"' in text or '"event.name"' in text for text in told)
