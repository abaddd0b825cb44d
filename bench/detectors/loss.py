"""LossyExporter: an exporter on whose way a share of the spans is lost."""

from collections.abc import Sequence
from random import Random

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult


class LossyExporter(SpanExporter):
    """Sends each span, or each report of an open one, with probability 1 - `share`.

    Parameters
    ----------
    seed
        Of the draws. Which spans they hit depends on the order in which threads end theirs.
    """

    def __init__(self, exporter: SpanExporter, share: float, seed: int) -> None:
        self._exporter = exporter
        self._share = share
        self._random = Random(seed)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        arriving = [span for span in spans if self._random.random() >= self._share]
        return self._exporter.export(arriving) if arriving else SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)
