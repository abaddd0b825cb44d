"""OpenSpanProcessor: what an application adds to its tracer provider."""

import os
import weakref

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter

from doldrums_client.counters import Counters
from doldrums_client.json_exporter import JsonSpanExporter
from doldrums_client.open_spans import OpenSpans
from doldrums_client.reporter import Reporter
from doldrums_client.rhythm import Rhythm

# An application that shuts down is not held up by a server that does not answer.
_STOP_S = 1.0


class OpenSpanProcessor(SpanProcessor):
    """Reports spans while they are open, again and again, without an end time.

    Exporters send a span when it has ended, so one that hangs is never seen. This processor
    stands beside the application's own, which goes on to send the final spans; it adds nothing
    to a span and sends nothing when one ends. `on_start` and `on_end` touch a dictionary; the
    rest happens in one daemon thread.

    Parameters
    ----------
    exporter
        An exporter of its own, of the kind the application uses; shut down with the processor.
    endpoint
        Instead of `exporter`: where OTLP/JSON is posted, such as ``http://127.0.0.1:4318``.
    rhythm
        Which spans are reported when.
    open_spans_max
        Open spans watched at once, about 0.3 kB each; what starts beyond that is counted.
    text_chars_max
        Characters to which each text in a report is cut. The final span carries it whole.

    Examples
    --------
    >>> from opentelemetry.sdk.trace import TracerProvider
    >>> provider = TracerProvider(shutdown_on_exit=False)
    >>> provider.add_span_processor(OpenSpanProcessor(endpoint="http://127.0.0.1:4318"))
    >>> provider.shutdown()
    """

    def __init__(
        self,
        exporter: SpanExporter | None = None,
        *,
        endpoint: str | None = None,
        rhythm: Rhythm | None = None,
        open_spans_max: int = 10_000,
        text_chars_max: int = 4_096,
    ) -> None:
        if (exporter is None) == (endpoint is None):
            raise ValueError("OpenSpanProcessor needs either an exporter or an endpoint")
        self._exporter = exporter or JsonSpanExporter(endpoint or "")
        self._rhythm = rhythm or Rhythm()
        self._open_spans_max = open_spans_max
        self._text_chars_max = text_chars_max
        self._is_shut_down = False
        self._begin()
        _begin_again_after_fork(self)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002
        self._spans.add(span)

    def on_end(self, span: ReadableSpan) -> None:
        self._spans.remove(span)

    def shutdown(self) -> None:
        """Stop reporting. Spans that are still open stay so: nobody knows when they will end."""
        self._is_shut_down = True
        self._reporter.stop(_STOP_S)
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what is due now; say whether all of it was delivered within `timeout_millis`."""
        return self._reporter.flush(timeout_millis / 1_000)

    def counters(self) -> Counters:
        """Return what this process has done so far."""
        return Counters(
            open=len(self._spans),
            sent=self._reporter.sent,
            dropped=self._reporter.dropped,
            unwatched=self._spans.unwatched,
            abandoned=self._spans.abandoned,
        )

    def _begin(self) -> None:
        self._spans = OpenSpans(self._open_spans_max)
        self._reporter = Reporter(self._spans, self._exporter, self._rhythm, self._text_chars_max)

    def _begin_in_child(self) -> None:
        if not self._is_shut_down:
            self._begin()


def _begin_again_after_fork(processor: OpenSpanProcessor) -> None:
    """Give a forked child a thread and an empty table: the open spans are its parent's."""
    if not hasattr(os, "register_at_fork"):
        return
    begin = weakref.WeakMethod(processor._begin_in_child)  # noqa: SLF001 - of this file

    def in_child() -> None:
        if again := begin():
            again()

    os.register_at_fork(after_in_child=in_child)
