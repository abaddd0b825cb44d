"""OTLP/JSON from spans that a file holds in another envelope.

Nothing is invented: names, ids, times, status and attributes are those in the file. What an envelope has
not kept (scopes in tracelint's lists, what Langfuse takes out of the attributes) is not sent either.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

_STATUS = {"OK": 1, "ERROR": 2}
_NS = 1_000_000_000


def otlp(spans: Iterable[Mapping[str, Any]]) -> bytes:
    """Return an export of spans, each with `resource` and `scope` beside the fields of OTLP."""
    groups = [
        {
            "resource": {"attributes": attributes(span.get("resource", {}))},
            "scopeSpans": [{"scope": span.get("scope", {}), "spans": [_without_place(span)]}],
        }
        for span in spans
    ]
    return json.dumps({"resourceSpans": groups}).encode()


def attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return attributes as OTLP/JSON; a structure is JSON in a string, as the conventions have it."""
    return [{"key": key, "value": _any_value(value)} for key, value in values.items() if value is not None]


def from_readable_spans(spans: Iterable[Mapping[str, Any]]) -> bytes:
    """Tracelint: a list of spans as OpenTelemetry's SDK holds them."""
    return otlp(_from_sdk(span, span["attributes"]) for span in spans)


def from_phoenix(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Phoenix: rows of its table of spans, in which it nests what OpenInference flattens."""
    return otlp(_from_phoenix(row) for row in rows)


def from_looptrip(sessions: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """looptrip: rows of a table of agents' runs, which had no spans; its columns by the names of GenAI."""
    return otlp(_from_run(session, run) for session, runs in sessions.items() for run in runs)


def nanoseconds(moment: str) -> str:
    """Return a time of ISO 8601 as OTLP/JSON has it."""
    at = datetime.fromisoformat(moment)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return str(int(at.timestamp()) * _NS + at.microsecond * 1000)


def _without_place(span: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in span.items() if key not in ("resource", "scope")}


def _any_value(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case list() if all(isinstance(item, str | int | float) for item in value):
            return {"arrayValue": {"values": [_any_value(item) for item in value]}}
    return {"stringValue": json.dumps(value)}


def _from_sdk(span: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "traceId": span["trace_id"],
        "spanId": span["span_id"],
        "parentSpanId": span["parent_id"] or "",
        "name": span["name"],
        "startTimeUnixNano": str(span["start_time"]),
        "endTimeUnixNano": str(span["end_time"]),
        "attributes": attributes(values),
        "status": {"code": _STATUS.get(span["status_code"], 0), "message": span.get("status_message") or ""},
    }


def _from_phoenix(row: Mapping[str, Any]) -> dict[str, Any]:
    values = {key.removeprefix("attributes."): row[key] for key in row if key.startswith("attributes.")}
    flat = dict(pair for key, value in values.items() for pair in _flattened(key, value))
    ids = {"trace_id": row["context.trace_id"], "span_id": row["context.span_id"]}
    times = {name: nanoseconds(row[name]) for name in ("start_time", "end_time")}
    return _from_sdk({**row, **ids, **times}, flat)


def _flattened(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            for inner, one in item.items():
                yield from _flattened(f"{key}.{number}.{inner}", one)
    elif key.startswith("llm.token_count.") and value is not None:
        yield key, int(value)  # a table of floats: a column with gaps cannot be of whole numbers there
    else:
        yield key, value


def _from_run(session: str, run: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": run["agent"],
        "gen_ai.request.model": run["model"],
        "gen_ai.usage.input_tokens": run["input_tokens"],
        "gen_ai.usage.output_tokens": run["output_tokens"],
        "gen_ai.usage.cost": run["cost_usd"],
        "gen_ai.conversation.id": session,
    }
    return {
        "traceId": session.replace("-", ""),
        "spanId": f"{run['id']:016x}",
        "name": f"invoke_agent {run['agent']}",
        "startTimeUnixNano": nanoseconds(run["started_at"]),
        "endTimeUnixNano": nanoseconds(run["ended_at"]),
        "attributes": attributes(values),
        "status": {"code": 2 if run["status"] == "failed" else 0},
    }
