"""Moves requests in time."""

from collections.abc import Iterable, Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

# The store's end of time, in 2262: what lies behind it is no time to go by.
NANOSECONDS_MAX = 2**63 - 1


def spans_of(request: ExportTraceServiceRequest) -> Iterator[Span]:
    """Return every span of a request."""
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            yield from scope_spans.spans


def newest_unix_nano(requests: Iterable[ExportTraceServiceRequest]) -> int:
    """Return when the newest span ends, or begins while it is open; 0 without any."""
    times = (
        max(span.start_time_unix_nano, span.end_time_unix_nano)
        for request in requests
        for span in spans_of(request)
    )
    return max((time for time in times if time <= NANOSECONDS_MAX), default=0)


def shift(request: ExportTraceServiceRequest, by_nano: int) -> None:
    """Move every time in the request; one that is absent stays so."""
    for span in spans_of(request):
        span.start_time_unix_nano = _moved(span.start_time_unix_nano, by_nano)
        span.end_time_unix_nano = _moved(span.end_time_unix_nano, by_nano)
        for event in span.events:
            event.time_unix_nano = _moved(event.time_unix_nano, by_nano)


def _moved(time_unix_nano: int, by_nano: int) -> int:
    return min(max(time_unix_nano + by_nano, 1), NANOSECONDS_MAX) if time_unix_nano else 0
