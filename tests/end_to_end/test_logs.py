"""Content and a heartbeat that an application logs, by its exporter, shown with the span by the API."""

import json

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogExporter
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from tests.builders import span as built
from tests.end_to_end.test_exporters import wait_for_trace
from tests.log_builders import heartbeat
from tests.service import Service, until


def exporter(service: Service, transport: str) -> LogRecordExporter:
    if transport == "grpc":
        return GrpcLogExporter(service.run["otlp_grpc"], insecure=True)
    return OTLPLogExporter(f"{service.url('otlp_http')}/v1/logs")


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_what_an_application_logs_of_its_spans_is_shown_with_them(service: Service, transport: str) -> None:
    before = service.stats()["logs"]
    traces, logs = TracerProvider(), LoggerProvider()
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{service.url('otlp_http')}/v1/traces")))
    logs.add_log_record_processor(BatchLogRecordProcessor(exporter(service, transport)))
    logger = logs.get_logger("tests")
    with traces.get_tracer("tests").start_as_current_span("chat") as chat:
        messages = [{"role": "user", "parts": [{"type": "text", "content": "how much?"}]}]
        logger.emit(
            event_name="gen_ai.client.inference.operation.details",
            attributes={"gen_ai.input.messages": messages},
        )
        logger.emit(body="an ordinary line", severity_number=SeverityNumber.INFO)
        context = chat.get_span_context()
        waiting = built("wait", trace_id=context.trace_id.to_bytes(16, "big"))
        pulse = heartbeat(waiting)
        logger.emit(
            LogRecord(
                trace_id=context.trace_id,
                span_id=int.from_bytes(waiting.span_id, "big"),
                attributes={pair.key: pair.value.string_value for pair in pulse.attributes},
                body=pulse.body.string_value,
            )
        )
    logs.shutdown()
    traces.shutdown()
    trace_id = f"{context.trace_id:032x}"

    trace = wait_for_trace(service, trace_id, spans=2)

    states = {span["name"]: (span["span_id"], span["state"]) for span in trace["spans"]}
    assert states["wait"] == (waiting.span_id.hex(), "open")
    path = f"/traces/{trace_id}/spans/{states['chat'][0]}"
    until(lambda: service.get(path)["input"], 30)
    assert json.loads(service.get(path)["input"]) == messages
    until(lambda: service.stats()["logs"]["dropped"] == before["dropped"] + 1, 30)
    assert service.stats()["logs"]["stored"] == before["stored"] + 1
