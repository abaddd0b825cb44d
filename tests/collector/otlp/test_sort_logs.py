"""Which log records are kept, which report a span, and which are dropped."""

import functools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.errors import TooLarge
from collector.otlp.decode import decode
from collector.otlp.json_request import Reading
from collector.otlp.signal import Signal
from collector.otlp.sort_logs import Sorted, sort_logs
from tests.builders import SECOND, span
from tests.collector.otlp.builders import spans_in
from tests.log_builders import heartbeat, log, logs_request

CAPTURES = Path(__file__).parents[2] / "captures" / "requests"
SPAN = span("work")


def reading(items: int = 1_000, elements: int = 10_000) -> Reading:
    return Reading(items_left=items, elements_left=elements)


def sort(*records: LogRecord, **limits: int) -> Sorted:
    return sort_logs(logs_request(*records), reading(**limits))


def kept(found: Sorted) -> list[LogRecord]:
    return [
        one for part in found.logs.resource_logs for scope in part.scope_logs for one in scope.log_records
    ]


@pytest.mark.parametrize(
    ("record", "event"),
    [
        pytest.param(log("gen_ai.client.inference.operation.details", of=SPAN), None, id="by its event_name"),
        pytest.param(
            log(attributes={"event.name": "gen_ai.choice"}, of=SPAN), "gen_ai.choice", id="by event.name"
        ),
        pytest.param(
            log(attributes={"event.name": "user_prompt"}, of=SPAN, body="claude_code.user_prompt"),
            "claude_code.user_prompt",
            id="by Claude Code's body",
        ),
        pytest.param(
            log(attributes={"exception.type": "OSError"}, of=SPAN, body="failed"),
            "exception",
            id="by an exception",
        ),
        pytest.param(
            log("app.failed", {"exception.message": "no"}, of=SPAN),
            "exception",
            id="an exception of any event",
        ),
        pytest.param(log("gen_ai.agent.paused", of=SPAN), "gen_ai.agent.paused", id="of an agent's life"),
    ],
)
def test_a_record_of_a_spans_event_is_kept_under_its_name(record: LogRecord, event: str | None) -> None:
    found = sort(record)

    assert (found.kept, found.dropped) == (1, 0)
    assert [one.event_name for one in kept(found)] == [event or record.event_name]


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(log("gen_ai.choice"), id="of no span"),
        pytest.param(
            log("gen_ai.choice", of=Span(trace_id=bytes(16), span_id=bytes(8))), id="of a span of zeros"
        ),
        pytest.param(log("gen_ai.choice", of=Span(trace_id=b"short", span_id=b"s")), id="of what is no id"),
        pytest.param(log("browser.page_view", of=SPAN), id="another event"),
        pytest.param(log(of=SPAN, body="GET /health 200"), id="a line of text"),
        pytest.param(log("gen_ai." + "x" * 1_000, of=SPAN), id="a name without end"),
        pytest.param(log(attributes={"exception.type": "OSError"}), id="an exception of no span"),
        pytest.param(log(attributes={"partial.event": "heartbeat"}, body="{}"), id="a heartbeat of no span"),
    ],
)
def test_any_other_record_is_counted_and_dropped(record: LogRecord) -> None:
    found = sort(record)

    assert (found.kept, found.dropped, found.rejected) == (0, 1, Counter())
    assert kept(found) == []


def test_a_conversation_is_written_as_the_json_that_it_stands_for() -> None:
    messages = [
        {"role": "user", "parts": [{"type": "text", "content": "how much?", "raw": b"\xff", "n": None}]}
    ]
    found = sort(
        log("gen_ai.choice", {"gen_ai.input.messages": messages, "n": 3}, of=SPAN, body={"index": 0})
    )

    (record,) = kept(found)
    values = {pair.key: pair.value for pair in record.attributes}
    messages[0]["parts"][0]["raw"] = "/w=="  # type: ignore[index]
    assert json.loads(values["gen_ai.input.messages"].string_value) == messages
    assert values["n"].int_value == 3
    assert json.loads(record.body.string_value) == {"index": 0}


def reported(*records: LogRecord) -> list[Span]:
    return spans_in(sort(*records).reports)


def test_a_heartbeat_is_its_span_without_an_end() -> None:
    sent = span("wait", {"gen_ai.agent.name": "planner"}, parent=b"rootroot")

    (found,) = reported(heartbeat(sent))

    assert found.end_time_unix_nano == 0
    found.end_time_unix_nano = sent.end_time_unix_nano
    assert found == sent


@pytest.mark.parametrize("end_ns", [None, 0], ids=["ended", "without an end"])
def test_a_stop_has_the_end_that_it_says_and_no_other(end_ns: int | None) -> None:
    sent = span("wait", end_ns=end_ns)

    (found,) = reported(heartbeat(sent, "stop"))

    assert found.end_time_unix_nano == sent.end_time_unix_nano


def test_a_body_that_is_a_span_alone_is_of_the_records_service_and_ids() -> None:
    record = log(attributes={"partial.event": "heartbeat"}, of=SPAN)
    record.body.string_value = json.dumps(
        {
            "spanId": "base64==",
            "name": "wait",
            "startTimeUnixNano": str(5 * SECOND),
            "links": [{"traceId": "base64", "spanId": "x"}, {"traceId": "01" * 16, "spanId": "02" * 8}],
        }
    )
    (part,) = sort_logs(
        logs_request(record, resource={"service.name": "desk"}), reading()
    ).reports.resource_spans

    assert part.resource.attributes[0].value.string_value == "desk"
    assert part.scope_spans[0].scope.name == "tests"
    (found,) = part.scope_spans[0].spans
    assert (found.trace_id, found.span_id, found.name) == (SPAN.trace_id, SPAN.span_id, "wait")
    assert [link.trace_id for link in found.links] == [b"\x01" * 16]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[1]",
        '{"resourceSpans": {}}',
        '{"resourceSpans": []}',
        '{"resourceSpans": [{"scopeSpans": [{"spans": [{}, {}]}]}]}',
        '{"resourceSpans": 3}',
        "[" * 100_000,
        '{"attributes": [' + ",".join(["{}"] * 20_000) + "]}",
    ],
    ids=["empty", "text", "a list", "an object", "no span", "two spans", "a number", "deep", "too much"],
)
def test_a_heartbeat_that_reports_no_span_is_rejected_and_the_others_are_not(body: str) -> None:
    broken = log(attributes={"partial.event": "heartbeat"}, of=SPAN, body=body)
    found = sort(broken, log("gen_ai.choice", of=SPAN), heartbeat(SPAN))

    assert (sum(found.rejected.values()), found.kept, len(spans_in(found.reports))) == (1, 1, 1)


@pytest.mark.parametrize("depth", [48, 49], ids=["in its request", "by itself"])
def test_a_heartbeat_nested_deeper_than_the_parser_goes_is_rejected(depth: int) -> None:
    nested = functools.reduce(
        lambda value, _: {"arrayValue": {"values": [value]}}, range(depth), {"intValue": 1}
    )
    body = json.dumps({"name": "wait", "attributes": [{"key": "deep", "value": nested}]})
    found = sort(log(attributes={"partial.event": "heartbeat"}, of=SPAN, body=body), heartbeat(SPAN))

    assert (sum(found.rejected.values()), len(spans_in(found.reports))) == (1, 1)


def test_a_large_resource_is_not_copied_for_every_report_there_is() -> None:
    """A mebibyte of them was gigabytes."""
    records = [log(attributes={"partial.event": "heartbeat"}, of=SPAN, body="{}") for _ in range(100)]
    request = logs_request(*records, resource={"text": "J" * 64_000})

    found = sort_logs(request, reading(elements=10_000))

    assert 5 < len(spans_in(found.reports)) < 10
    assert len(spans_in(found.reports)) + sum(found.rejected.values()) == 100


def test_more_records_than_allowed_are_too_large() -> None:
    with pytest.raises(TooLarge):
        sort(*[log("gen_ai.choice", of=SPAN)] * 11, items=10)


@pytest.mark.parametrize("path", sorted(CAPTURES.rglob("*.logs.pb")), ids=lambda path: path.parent.name)
def test_content_that_frameworks_really_sent_is_kept(path: Path) -> None:
    found: Any = sort_logs(decode(path.read_bytes(), Signal.LOGS).request, reading())

    assert (found.kept, found.dropped) == (1, 0)
    assert "gen_ai.input.messages" in {pair.key for pair in kept(found)[0].attributes}
