"""The captured spans as they were sent, read with protobuf alone, to hold the labels against."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.captures.labels import capture_requests


class WireSpan(NamedTuple):
    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    start_unix_nano: int
    is_open: bool
    is_error: bool
    text: str


def wire_spans(capture: str) -> list[WireSpan]:
    """Return each real span once: a pending span stands for its final one until that has arrived."""
    sent = [wire_span(span) for file in capture_requests(capture) for span in request_spans(file)]
    newest = {(span.trace_id, span.span_id): span for span in sorted(sent, key=lambda span: not span.is_open)}
    return list(newest.values())


def request_spans(file: Path) -> Iterator[Span]:
    request = ExportTraceServiceRequest()
    if file.suffix == ".json":
        json_format.ParseDict(with_base64_ids(json.loads(file.read_text())), request)
    else:
        request.ParseFromString(file.read_bytes())
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            yield from scope.spans


def with_base64_ids(node: Any) -> Any:
    """Turn OTLP's hexadecimal ids into what proto3 JSON takes for bytes."""
    if isinstance(node, list):
        return [with_base64_ids(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: base64.b64encode(bytes.fromhex(value)).decode()
        if key in ("traceId", "spanId", "parentSpanId")
        else with_base64_ids(value)
        for key, value in node.items()
    }


def wire_span(span: Span) -> WireSpan:
    attributes = strings(span.attributes)
    pending = attributes.get("logfire.span_type") == "pending_span"
    real_parent = attributes.get("logfire.pending_parent_id", "").replace("0" * 16, "")
    texts = [span.status.message, *attributes.values()]
    for event in span.events:
        texts += strings(event.attributes).values()
    return WireSpan(
        trace_id=span.trace_id.hex(),
        span_id=(span.parent_span_id if pending else span.span_id).hex(),
        parent_span_id=real_parent if pending else span.parent_span_id.hex(),
        name=span.name,
        start_unix_nano=span.start_time_unix_nano,
        is_open=pending or not span.end_time_unix_nano,
        is_error=span.status.code == Status.STATUS_CODE_ERROR,
        text="\n".join(texts),
    )


def strings(attributes: Iterable[KeyValue]) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value for attribute in attributes}


def pre_order(spans: list[WireSpan]) -> list[tuple[str, str]]:
    """Return (trace id, span id): traces by first start, children after their parent, siblings by start."""
    known = {span.span_id for span in spans}
    children = defaultdict(list)
    for span in sorted(spans, key=lambda span: span.start_unix_nano):
        parent = span.parent_span_id if span.parent_span_id in known else ""
        children[span.trace_id, parent].append(span)

    def walk(trace_id: str, parent: str) -> Iterator[tuple[str, str]]:
        for span in children[trace_id, parent]:
            yield trace_id, span.span_id
            yield from walk(trace_id, span.span_id)

    roots = [trace_id for trace_id, parent in list(children) if not parent]
    return [pair for trace_id in roots for pair in walk(trace_id, "")]
