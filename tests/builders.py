"""Spans and requests as test data: `request(span("chat", input_tokens=3))`."""

import os
import time
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

SECOND = 1_000_000_000


def span(
    name: str = "work",
    attributes: dict[str, Any] | None = None,
    *,
    trace_id: bytes | None = None,
    span_id: bytes | None = None,
    parent: bytes = b"",
    start_ns: int | None = None,
    end_ns: int | None = None,
    error: str | None = None,
    events: list[tuple[str, dict[str, Any]]] | None = None,
) -> Span:
    """A finished span of one second; `end_ns=0` leaves it open."""
    start = time.time_ns() - SECOND if start_ns is None else start_ns
    return Span(
        trace_id=trace_id or os.urandom(16),
        span_id=span_id or os.urandom(8),
        parent_span_id=parent,
        name=name,
        kind=Span.SPAN_KIND_INTERNAL,
        start_time_unix_nano=start,
        end_time_unix_nano=start + SECOND if end_ns is None else end_ns,
        attributes=pairs(attributes or {}),
        status=Status(code=Status.STATUS_CODE_ERROR, message=error) if error is not None else None,
        events=[
            Span.Event(time_unix_nano=start, name=event, attributes=pairs(more))
            for event, more in events or []
        ],
    )


def request(
    *spans: Span, scope: str = "tests", resource: dict[str, Any] | None = None
) -> ExportTraceServiceRequest:
    """One export of some spans by one service."""
    attributes = pairs({"service.name": "tests"} | (resource or {}))
    scope_spans = ScopeSpans(spans=spans)
    scope_spans.scope.name = scope
    resource_spans = ResourceSpans(resource=Resource(attributes=attributes), scope_spans=[scope_spans])
    return ExportTraceServiceRequest(resource_spans=[resource_spans])


def pairs(attributes: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=value_of(value)) for key, value in attributes.items()]


def value_of(value: Any) -> AnyValue:
    """A Python value as AnyValue; None is the empty one."""
    match value:
        case None:
            return AnyValue()
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case bytes():
            return AnyValue(bytes_value=value)
        case list():
            return AnyValue(array_value=ArrayValue(values=[value_of(item) for item in value]))
        case dict():
            return AnyValue(kvlist_value=KeyValueList(values=pairs(value)))
    return AnyValue(string_value=str(value))
