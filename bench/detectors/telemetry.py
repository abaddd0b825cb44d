"""The tracer provider of an agents' process: exporters as users have them, and which traces a case makes."""

from contextvars import ContextVar

from doldrums_client import OpenSpanProcessor
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from bench.detectors.capture import Capture
from bench.detectors.loss import LossyExporter
from bench.detectors.past import MovedExporter

SESSION: ContextVar[str] = ContextVar("session")


class TracesBySession(SpanProcessor):
    """Notes which traces a session makes, and sets `session.id` as an application's processor does."""

    def __init__(self) -> None:
        self.trace_ids: dict[str, set[str]] = {}

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002
        session = SESSION.get("")
        if session and span.context:
            span.set_attribute("session.id", session)
            trace_id = trace.format_trace_id(span.context.trace_id)
            self.trace_ids.setdefault(session, set()).add(trace_id)

    def on_end(self, span: ReadableSpan) -> None:
        pass


def set_up(
    capture: Capture, service: str, instance: str, seed: int, ago_s: int = 0
) -> tuple[TracerProvider, TracesBySession]:
    """Make the process's provider; where it sends to, and by which key, stands in `OTEL_*` variables.

    Parameters
    ----------
    ago_s
        So long ago everything is said to have been, in seconds. What is over is not reported open.
    """
    provider = TracerProvider(
        resource=Resource.create({"service.name": service, "service.instance.id": instance})
    )
    traces = TracesBySession()
    provider.add_span_processor(traces)
    if capture.open_spans and not ago_s:
        provider.add_span_processor(OpenSpanProcessor(exporter=_exporter(capture, seed)))
    exporter = _exporter(capture, seed + 1)
    provider.add_span_processor(BatchSpanProcessor(MovedExporter(exporter, ago_s) if ago_s else exporter))
    trace.set_tracer_provider(provider)
    return provider, traces


def _exporter(capture: Capture, seed: int) -> SpanExporter:
    exporter = OTLPSpanExporter()
    return LossyExporter(exporter, capture.lost, seed) if capture.lost else exporter
