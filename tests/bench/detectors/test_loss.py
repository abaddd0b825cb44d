"""Spans that are lost on the way."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bench.detectors.loss import LossyExporter


def arrived(share: float, seed: int) -> list[str]:
    memory = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(LossyExporter(memory, share, seed)))
    for number in range(2_000):
        provider.get_tracer("tests").start_span(str(number)).end()
    return [span.name for span in memory.get_finished_spans()]


@pytest.mark.parametrize("share", [0, 0.01, 0.05, 0.2, 1])
def test_the_share_is_lost_and_the_rest_arrives(share: float) -> None:
    assert len(arrived(share, seed=1)) == pytest.approx(2_000 * (1 - share), abs=40)


def test_the_seed_decides_what_is_lost() -> None:
    assert arrived(0.2, seed=1) == arrived(0.2, seed=1)
    assert arrived(0.2, seed=1) != arrived(0.2, seed=2)
