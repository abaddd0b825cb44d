"""The exporters that users have, as they ship."""

import grpc
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from tests.collector.receiver.process import ReceiverProcess


def exporter(receiver: ReceiverProcess, transport: str, compression: str) -> SpanExporter:
    if transport == "http":
        return HttpExporter(f"{receiver.url}/v1/traces", compression=getattr(Compression, compression))
    compressed = getattr(grpc.Compression, compression)
    return GrpcExporter(receiver.grpc_address, insecure=True, compression=compressed)


@pytest.mark.otlp(3, 10)
@pytest.mark.parametrize("transport", ["http", "grpc"])
@pytest.mark.parametrize("compression", ["NoCompression", "Gzip"])
def test_every_span_of_the_sdk_is_stored_once(
    receiver: ReceiverProcess, transport: str, compression: str
) -> None:
    prefix = f"{transport} {compression}"
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter(receiver, transport, compression)))
    tracer = provider.get_tracer("tests")

    for number in range(1_500):
        with tracer.start_as_current_span(f"{prefix} {number}", attributes={"gen_ai.prompt": "words " * 50}):
            pass
    assert provider.force_flush()
    provider.shutdown()

    stored = sorted(name for name in receiver.stored if name.startswith(prefix))
    assert stored == sorted(f"{prefix} {number}" for number in range(1_500))
