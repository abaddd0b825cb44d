"""Spans as OTLP/JSON: ids in hex, 64-bit integers in strings, no end time where there is none."""

import base64
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, format_span_id, format_trace_id

Json = dict[str, Any]

_KINDS = {
    SpanKind.INTERNAL: 1,
    SpanKind.SERVER: 2,
    SpanKind.CLIENT: 3,
    SpanKind.PRODUCER: 4,
    SpanKind.CONSUMER: 5,
}
_INT64 = range(-(2**63), 2**63)
# SpanFlags of OTLP: whether the parent is remote is known (bit 8), and it is (bit 9).
_REMOTE_IS_KNOWN, _IS_REMOTE = 0x100, 0x200


def request(spans: Iterable[ReadableSpan]) -> Json:
    """Return the ExportTraceServiceRequest of `spans`, in OTLP's JSON encoding."""
    by_resource: defaultdict[Resource, defaultdict[InstrumentationScope | None, list[Json]]]
    by_resource = defaultdict(lambda: defaultdict(list))
    for one in spans:
        by_resource[one.resource][one.instrumentation_scope].append(span(one))
    return {"resourceSpans": [_resource_spans(*entry) for entry in by_resource.items()]}


def span(one: ReadableSpan) -> Json:
    """Return one span; `endTimeUnixNano` is left out while it is open."""
    context = one.context
    if context is None:
        raise ValueError(f"span {one.name!r} has no context")
    times = {"startTimeUnixNano": one.start_time, "endTimeUnixNano": one.end_time}
    return {
        **_ids(context),
        **({"parentSpanId": format_span_id(one.parent.span_id)} if one.parent else {}),
        **{key: str(time_ns) for key, time_ns in times.items() if time_ns is not None},
        "name": one.name,
        "kind": _KINDS[one.kind],
        "flags": _REMOTE_IS_KNOWN | (_IS_REMOTE if one.parent and one.parent.is_remote else 0),
        "attributes": _attributes(one.attributes),
        "events": [_event(event) for event in one.events],
        "links": [_link(link) for link in one.links],
        "status": {"code": one.status.status_code.value, "message": one.status.description or ""},
        "droppedAttributesCount": one.dropped_attributes,
        "droppedEventsCount": one.dropped_events,
        "droppedLinksCount": one.dropped_links,
    }


def _resource_spans(
    resource: Resource, by_scope: Mapping[InstrumentationScope | None, Sequence[Json]]
) -> Json:
    return {
        "resource": {"attributes": _attributes(resource.attributes)},
        "scopeSpans": [{"scope": _scope(scope), "spans": spans} for scope, spans in by_scope.items()],
        "schemaUrl": resource.schema_url,
    }


def _scope(scope: InstrumentationScope | None) -> Json:
    if scope is None:
        return {}
    return {
        "name": scope.name,
        "version": scope.version or "",
        "attributes": _attributes(scope.attributes),
    }


def _ids(context: SpanContext) -> Json:
    return {
        "traceId": format_trace_id(context.trace_id),
        "spanId": format_span_id(context.span_id),
        "traceState": context.trace_state.to_header(),
    }


def _event(event: Event) -> Json:
    return {
        "timeUnixNano": str(event.timestamp),
        "name": event.name,
        "attributes": _attributes(event.attributes),
    }


def _link(link: Link) -> Json:
    return {**_ids(link.context), "attributes": _attributes(link.attributes)}


def _attributes(said: Mapping[str, Any] | None) -> list[Json]:
    return [{"key": key, "value": _value(value)} for key, value in (said or {}).items()]


def _value(value: Any) -> Json:  # noqa: PLR0911 - one return for each type of AnyValue
    match value:
        case None:
            return {}
        case bool():
            return {"boolValue": value}
        case int() if value in _INT64:
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": _double(value)}
        case bytes():
            return {"bytesValue": base64.b64encode(value).decode()}
        case Mapping():
            return {"kvlistValue": {"values": _attributes(value)}}
        case list() | tuple():
            return {"arrayValue": {"values": [_value(item) for item in value]}}
        case _:
            return {"stringValue": str(value)}


def _double(value: float) -> float | str:
    """Return a number that JSON has, else the name that OTLP gives it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
