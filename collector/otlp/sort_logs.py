"""A request of logs, sorted: what belongs to spans, what reports a span, and what is counted and dropped."""

from collections import Counter
from dataclasses import dataclass, field

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs

from collector.errors import DecodeError, TooLarge
from collector.otlp.any_value import flatten
from collector.otlp.heartbeat import heartbeat, reported_span
from collector.otlp.json_request import Reading
from collector.otlp.log_events import log_events

_TRACE_ID_BYTES, _SPAN_ID_BYTES = 16, 8
_NO_TRACE_ID, _NO_SPAN_ID = bytes(_TRACE_ID_BYTES), bytes(_SPAN_ID_BYTES)
# rules are counted by their words: few, whatever is sent
_NO_REPORT = "the body of a heartbeat is not one span in OTLP/JSON, or holds too much"


@dataclass
class Sorted:
    """What became of a request's records.

    Attributes
    ----------
    logs, kept
        A request of the records that belong to spans, flattened for the journal, and their number.
    reports
        A request of the spans that heartbeats report, to be screened as any other.
    rejected
        Heartbeats that report nothing, by the rule they broke.
    dropped
        All other records.
    """

    logs: ExportLogsServiceRequest = field(default_factory=ExportLogsServiceRequest)
    kept: int = 0
    reports: ExportTraceServiceRequest = field(default_factory=ExportTraceServiceRequest)
    rejected: Counter[str] = field(default_factory=Counter)
    dropped: int = 0


def sort_logs(request: ExportLogsServiceRequest, reading: Reading) -> Sorted:
    """Sort the records of a request, which is used up.

    Which record is kept is decided here and not while loading, so that a segment's rows are those that it
    names, and what nobody will look for takes no disk.

    Parameters
    ----------
    reading
        Bounds what the bodies of heartbeats may hold together.

    Raises
    ------
    TooLarge
        There are more records than it allows.
    """
    found = Sorted()
    for resource in request.resource_logs:
        for scope in resource.scope_logs:
            reading.expect(len(scope.log_records), of=LogRecord.DESCRIPTOR)
            _sort_scope(scope, resource, reading, found)
    return found


def _sort_scope(scope: ScopeLogs, resource: ResourceLogs, reading: Reading, found: Sorted) -> None:
    belonging = []
    for record in scope.log_records:
        if not _has_span(record):
            found.dropped += 1
            continue
        attributes = {pair.key: pair.value for pair in record.attributes}
        if word := heartbeat(attributes):
            _report(record, word, scope, resource, reading, found)
        elif name := log_events().name_of(record, attributes):
            record.event_name = name
            belonging.append(record)
        else:
            found.dropped += 1
    if belonging:
        found.kept += len(belonging)
        _keep(belonging, scope, resource, found.logs)


def _has_span(record: LogRecord) -> bool:
    trace_id, span_id = record.trace_id, record.span_id
    return (
        len(trace_id) == _TRACE_ID_BYTES
        and len(span_id) == _SPAN_ID_BYTES
        and trace_id != _NO_TRACE_ID
        and span_id != _NO_SPAN_ID
    )


def _report(
    record: LogRecord, word: str, scope: ScopeLogs, resource: ResourceLogs, reading: Reading, found: Sorted
) -> None:
    try:
        found.reports.resource_spans.append(reported_span(record, word, scope, resource, reading))
    except (DecodeError, TooLarge):
        found.rejected[_NO_REPORT] += 1


def _keep(
    records: list[LogRecord], scope: ScopeLogs, resource: ResourceLogs, logs: ExportLogsServiceRequest
) -> None:
    for record in records:
        flatten(record.body)
        for pair in record.attributes:
            flatten(pair.value)
    part = logs.resource_logs.add()
    part.resource.CopyFrom(resource.resource)
    part.scope_logs.append(ScopeLogs(scope=scope.scope, log_records=records))
