"""Langfuse's export of a trace, back into the spans that it was made from.

An observation that came by OTLP keeps resource, scope and attributes in its metadata: those are sent. Of
Langfuse's own SDK the attributes are gone, taken apart into columns: they are written again by the names
that the SDK gives them (the capture langfuse_sdk).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.ingested.rebuilt import attributes, nanoseconds, otlp

_KEPT = ("attributes", "resourceAttributes", "scope")


def is_otlp(export: Mapping[str, Any]) -> bool:
    """Whether the ids are those of OTLP; Langfuse's older interface has UUIDs or words."""
    ids = [export["trace"]["id"], *(observation["id"] for observation in export["observations"])]
    return all(len(one) in (16, 32) and set(one) <= set("0123456789abcdef") for one in ids)


def from_langfuse(export: Mapping[str, Any]) -> bytes:
    """Return the observations of a trace as an export."""
    return otlp(_span(export["trace"], observation) for observation in export["observations"])


def _span(trace: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    metadata = _parsed(seen.get("metadata")) or {}
    scope = metadata.get("scope", {})
    values = _parsed(metadata.get("attributes")) or dict(_columns(trace, seen, metadata))
    failed = seen["level"] == "ERROR"
    return {
        "resource": _parsed(metadata.get("resourceAttributes")) or {},
        "scope": {key: scope[key] for key in ("name", "version") if scope.get(key)},
        "traceId": seen["traceId"],
        "spanId": seen["id"],
        "parentSpanId": seen["parentObservationId"] or "",
        "name": seen["name"] or "",
        "startTimeUnixNano": nanoseconds(seen["startTime"]),
        "endTimeUnixNano": nanoseconds(seen["endTime"]),
        "attributes": attributes(values),
        "status": {"code": 2, "message": seen["statusMessage"] or ""} if failed else {},
    }


def _columns(
    trace: Mapping[str, Any], seen: Mapping[str, Any], metadata: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    yield "langfuse.observation.type", seen["type"].lower()
    yield "langfuse.observation.level", seen["level"]
    yield "langfuse.observation.model.name", seen.get("model")
    for name in ("input", "output"):
        yield f"langfuse.observation.{name}", seen.get(name)
    for name, column in (("usage_details", "usageDetails"), ("cost_details", "costDetails")):
        yield f"langfuse.observation.{name}", seen.get(column) or None
    for key, value in metadata.items():
        if key not in _KEPT:
            yield f"langfuse.observation.metadata.{key}", value
    yield "session.id", trace.get("sessionId")
    yield "user.id", trace.get("userId")


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
