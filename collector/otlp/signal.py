"""The three signals of OTLP that are taken: their requests, and what is counted in them."""

from enum import StrEnum
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Signal(StrEnum):
    """Named as in OTLP's paths and in the names of segments; metrics have none of those."""

    TRACES = "traces"
    LOGS = "logs"
    METRICS = "metrics"

    @property
    def item(self) -> str:
        """What is counted, in words: a span, a log record, a data point."""
        return _ITEMS[self]

    @property
    def request(self) -> Any:
        """The class of its requests."""
        return _REQUESTS[self]


_ITEMS = {Signal.TRACES: "span", Signal.LOGS: "log record", Signal.METRICS: "data point"}
_REQUESTS = {
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.METRICS: ExportMetricsServiceRequest,
}
