"""Log records and requests of them as test data: `logs_request(log("gen_ai.choice", body={...}))`."""

import json
import time
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.builders import pairs, request, value_of


def log(
    event: str = "",
    attributes: dict[str, Any] | None = None,
    *,
    of: Span | None = None,
    body: Any = None,
    at_ns: int | None = None,
) -> LogRecord:
    """A record; `of` is the span that it belongs to."""
    return LogRecord(
        time_unix_nano=time.time_ns() if at_ns is None else at_ns,
        event_name=event,
        attributes=pairs(attributes or {}),
        body=value_of(body),
        trace_id=of.trace_id if of is not None else b"",
        span_id=of.span_id if of is not None else b"",
    )


def heartbeat(of: Span, word: str = "heartbeat", resource: dict[str, Any] | None = None) -> LogRecord:
    """What PartialSpanProcessor 0.0.9 sends: TracesData as JSON with the span's own ids in hexadecimal."""
    document = json_format.MessageToDict(request(of, resource=resource))
    (said,) = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    said |= {"traceId": of.trace_id.hex(), "spanId": of.span_id.hex()}
    if of.parent_span_id:
        said["parentSpanId"] = of.parent_span_id.hex()
    attributes = {"partial.event": word, "partial.body.type": "json/v1"}
    return log(attributes=attributes, of=of, body=json.dumps(document))


def logs_request(
    *records: LogRecord, resource: dict[str, Any] | None = None, scope: str = "tests"
) -> ExportLogsServiceRequest:
    """One export of some records by one service."""
    scope_logs = ScopeLogs(log_records=records)
    scope_logs.scope.name = scope
    attributes = pairs({"service.name": "tests"} | (resource or {}))
    resource_logs = ResourceLogs(resource=Resource(attributes=attributes), scope_logs=[scope_logs])
    return ExportLogsServiceRequest(resource_logs=[resource_logs])
