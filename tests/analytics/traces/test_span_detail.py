"""What a span says beside its content, and how its content begins in the list of a trace."""

import json
from typing import Any

import pytest

from analytics.assembly.assembler import Assembler
from analytics.traces import reader as reading
from analytics.traces.reader import TraceReader
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.builders import pairs, request, span
from tests.segments import seal

HISTORY = json.dumps([{"role": "user", "content": f"{n} " * 400} for n in range(4)])
TYPED = {"text": "3", "yes": True, "number": 3, "ratio": 0.5, "raw": b"\0", "list": [1], "map": {"a": 1}}


def test_everything_that_a_span_was_sent_with_is_told(store: Store, tmp_path: Any) -> None:
    work = span("work", {**TYPED, "nothing": None, "gen_ai.input.messages": HISTORY})
    work.trace_state, work.dropped_attributes_count = "vendor=1", 2
    work.dropped_events_count, work.dropped_links_count = 3, 4
    work.links.add(trace_id=bytes(15) + b"\1", span_id=bytes(7) + b"\1", trace_state="other=2")
    work.links.add(trace_id=bytes(15) + b"\1", span_id=bytes(7) + b"\2")
    sent = request(work)
    sent.resource_spans[0].schema_url = "https://example.com/resource"
    sent.resource_spans[0].scope_spans[0].schema_url = "https://example.com/scope"
    sent.resource_spans[0].scope_spans[0].scope.attributes.extend(pairs({"team": "billing"}))
    folders, segments = Folders(tmp_path), SegmentReader(store, Cuts())
    Loader(store, segments, folders, Quarantine(segments, folders)).load(
        [seal(folders, [sent.SerializeToString()])]
    )
    Assembler(store).run_once()

    detail = TraceReader(store, "default").span(work.trace_id.hex(), work.span_id.hex())

    assert detail
    assert detail.attribute_types == {
        "text": "string", "yes": "bool", "number": "int", "ratio": "double", "raw": "bytes", "list": "array",
        "map": "map", "gen_ai.input.messages": "string",
    }  # fmt: skip
    assert (detail.dropped_attributes, detail.dropped_events, detail.dropped_links) == (2, 3, 4)
    assert (detail.trace_state, [link.trace_state for link in detail.links]) == (
        "vendor=1",
        ["other=2", None],
    )
    assert detail.resource_schema_url == "https://example.com/resource"
    assert (detail.scope_schema_url, detail.scope_attributes) == (
        "https://example.com/scope",
        {"team": "billing"},
    )


def test_a_span_stored_before_types_were_kept_has_none(store: Store, load: Any) -> None:
    work = span("work", {"number": 3})
    load(work)
    Assembler(store).run_once()
    store.command("ALTER TABLE spans UPDATE attribute_types = [] WHERE 1 SETTINGS mutations_sync = 2")

    detail = TraceReader(store, "default").span(work.trace_id.hex(), work.span_id.hex())

    assert detail
    assert (detail.attributes, detail.attribute_types) == ({"number": "3"}, {})


def test_a_trace_lists_how_the_content_of_each_span_begins(store: Store, load: Any) -> None:
    chat = span("chat", {"gen_ai.input.messages": HISTORY, "gen_ai.output.messages": "short"})
    silent = span("silent", trace_id=chat.trace_id, parent=chat.span_id)
    load(chat, silent)
    Assembler(store).run_once()

    trace = TraceReader(store, "default").trace(chat.trace_id.hex())

    assert trace
    assert [(one.input_preview, one.output_preview) for one in trace.spans] == [
        (HISTORY[:200], "short"),
        (None, None),
    ]


def test_the_newest_report_says_how_the_content_begins(store: Store, load: Any) -> None:
    begun = span("chat", {"gen_ai.input.messages": "asked"}, end_ns=0)
    ended = span(
        "chat",
        {"gen_ai.input.messages": "asked", "gen_ai.output.messages": "answered"},
        trace_id=begun.trace_id,
        span_id=begun.span_id,
        start_ns=begun.start_time_unix_nano,
    )
    load(ended)
    load(begun)
    Assembler(store).run_once()

    trace = TraceReader(store, "default").trace(begun.trace_id.hex())

    assert trace
    assert [(one.input_preview, one.output_preview) for one in trace.spans] == [("asked", "answered")]


def test_a_large_trace_lists_no_content(store: Store, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PREVIEWS_SPANS_MAX", 1)
    chat = span("chat", {"gen_ai.input.messages": "asked"})
    load(chat, span("other", trace_id=chat.trace_id, parent=chat.span_id))
    Assembler(store).run_once()

    trace = TraceReader(store, "default").trace(chat.trace_id.hex())

    assert trace
    assert {one.input_preview for one in trace.spans} == {None}
