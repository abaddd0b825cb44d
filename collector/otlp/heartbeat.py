"""Log records that report a span: the span in the body becomes a span of a request of traces."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.message import DecodeError as ParserRefusal
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from collector.errors import DecodeError
from collector.otlp.json_document import read_document
from collector.otlp.json_request import Reading, from_document
from collector.otlp.log_events import log_events

_TRACE_ID_BYTES, _SPAN_ID_BYTES = 16, 8
# with a million elements in a request: as much as the largest body
_COPIED_BYTES_PER_ELEMENT = 64


def heartbeat(attributes: Mapping[str, AnyValue]) -> str:
    """Return what a record with these attributes says of its span, a word of the table's; '' for none."""
    table = log_events().heartbeat
    said = attributes.get(table.attribute)
    if said is None or said.string_value not in {*table.open, *table.ended}:
        return ""
    return str(said.string_value)


def reported_span(
    record: LogRecord, word: str, scope: ScopeLogs, resource: ResourceLogs, reading: Reading
) -> ResourceSpans:
    """Return the span that a heartbeat's body reports.

    A span that is reported open has no end, whatever an encoder put there. One that has stopped has the
    end that the body says; where it says none, none is invented and the report is one more observation.

    Parameters
    ----------
    scope, resource
        Where the record stands, for a body that does not say it of the span.

    Raises
    ------
    DecodeError
        The body is not one span in OTLP/JSON, or nested deeper than the parser goes.
    TooLarge
        It holds more than `reading` allows.
    """
    request = _parsed(from_document(_as_request(record.body.string_value, reading), reading))
    spans = [span for part in request.resource_spans for some in part.scope_spans for span in some.spans]
    if len(spans) != 1:
        raise DecodeError("the body of a heartbeat is not one span")
    part: ResourceSpans
    (part,) = (part for part in request.resource_spans if any(some.spans for some in part.scope_spans))
    (some,) = (some for some in part.scope_spans if some.spans)
    # a large resource, copied for each of thousands of reports, would be gigabytes
    copied_bytes = resource.resource.ByteSize() + scope.scope.ByteSize()
    reading.expect(copied_bytes // _COPIED_BYTES_PER_ELEMENT, of=None)
    if not part.HasField("resource"):
        part.resource.CopyFrom(resource.resource)
    if not some.HasField("scope"):
        some.scope.CopyFrom(scope.scope)
    _complete(spans[0], record, is_open=word in log_events().heartbeat.open)
    return part


def _parsed(request: ExportTraceServiceRequest) -> ExportTraceServiceRequest:
    """Return a request as whoever reads the journal will have it: JSON can be nested deeper than protobuf."""
    try:
        return ExportTraceServiceRequest.FromString(request.SerializePartialToString())
    except ParserRefusal as error:
        raise DecodeError(f"the body of a heartbeat: {error}") from error


def _as_request(body: str, reading: Reading) -> dict[str, Any]:
    document = read_document(body.encode(), reading.elements_left)
    if "resourceSpans" in document:
        return document
    return {"resourceSpans": [{"scopeSpans": [{"spans": [document]}]}]}


def _complete(span: Span, record: LogRecord, *, is_open: bool) -> None:
    """Ids are the record's: Python's encoder writes those of the body in base64."""
    span.trace_id, span.span_id = record.trace_id, record.span_id
    sound = [
        link
        for link in span.links
        if len(link.trace_id) == _TRACE_ID_BYTES and len(link.span_id) == _SPAN_ID_BYTES
    ]
    if len(sound) < len(span.links):
        kept = Span(links=sound)
        del span.links[:]
        span.MergeFrom(kept)
    if is_open:
        span.end_time_unix_nano = 0
