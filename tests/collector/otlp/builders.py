"""Requests that the shared builders would not make: spans with wrong parts, and wire forms."""

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.otlp.wire import varint
from tests.builders import request, span


def span_with(name: str = "work", **fields: Any) -> Span:
    """A sound span but for these fields, whatever they hold."""
    changed = span(name)
    changed.MergeFrom(Span(**fields))
    for field_name, value in fields.items():
        if not value:
            changed.ClearField(field_name)
    return changed


def body(*spans: Span) -> bytes:
    return request(*spans).SerializeToString()


def spans_in(built: ExportTraceServiceRequest) -> list[Span]:
    return [one for resource in built.resource_spans for scope in resource.scope_spans for one in scope.spans]


def names(built: ExportTraceServiceRequest) -> list[str]:
    return [one.name for one in spans_in(built)]


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field on the wire."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def request_of_spans_on_the_wire(spans: bytes) -> bytes:
    """A request around the wire form of ScopeSpans' fields."""
    return field(1, field(2, spans))


def deep_body(depth: int) -> bytes:
    """A request with an attribute of arrays in arrays: no parser would build it."""
    value = b"\x18\x01"
    for _ in range(depth):
        value = field(5, field(1, value))
    return request_of_spans_on_the_wire(field(2, field(9, field(1, b"deep") + field(2, value))))
