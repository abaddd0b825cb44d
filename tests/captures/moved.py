"""A capture moved in time: pages show what is of the last days, and a recording grows old."""

import time
from collections.abc import Iterator, Sequence

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

MINUTE_NS = 60_000_000_000


def moved_to_now(bodies: Sequence[bytes]) -> list[bytes]:
    """Return the requests as if the last thing in them had happened a minute ago."""
    requests = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    newest_ns = max(
        max(span.start_time_unix_nano, span.end_time_unix_nano) for one in requests for span in _spans(one)
    )
    later_ns = time.time_ns() - MINUTE_NS - newest_ns
    for span in (span for one in requests for span in _spans(one)):
        span.start_time_unix_nano += later_ns
        if span.end_time_unix_nano:
            span.end_time_unix_nano += later_ns
        for event in span.events:
            event.time_unix_nano += later_ns
    return [one.SerializeToString() for one in requests]


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for of_resource in request.resource_spans:
        for of_scope in of_resource.scope_spans:
            yield from of_scope.spans
