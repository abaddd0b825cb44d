"""Logs and metrics by the exporters that users have: none logs an error, and all is counted."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from google.rpc.status_pb2 import Status
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GrpcMetricExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
)
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider

from collector.journal.record import records
from collector.journal.segment import segments
from collector.otlp.signal import Signal
from collector.receiver.counters import Counters
from tests.builders import span
from tests.collector.otlp.builders import field
from tests.collector.receiver.process import JSON, PROTOBUF, ReceiverProcess, receiver_in
from tests.log_builders import heartbeat, log, logs_request
from tests.service import until

SPAN = span("work")
LOGS = "opentelemetry.proto.collector.logs.v1.LogsService"
METRICS = "opentelemetry.proto.collector.metrics.v1.MetricsService"


@pytest.fixture(autouse=True)
def _no_exporter_complains(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.WARNING, "opentelemetry"):
        yield
    assert [record.getMessage() for record in caplog.records if record.name.startswith("opentelemetry")] == []


def metrics_request(points: int = 3) -> ExportMetricsServiceRequest:
    gauge = Metric(name="depth", gauge=Gauge(data_points=[NumberDataPoint(as_int=1)] * points))
    histogram = Metric(name="latency", histogram=Histogram(data_points=[HistogramDataPoint(count=2)]))
    scope = ScopeMetrics(metrics=[gauge, histogram])
    return ExportMetricsServiceRequest(resource_metrics=[ResourceMetrics(scope_metrics=[scope])])


def kept_events(receiver: ReceiverProcess) -> list[str]:
    """Events of the log records in the journal."""
    folder = receiver.folders.open
    logs = (one for one in segments(folder) if one.signal is Signal.LOGS)
    data = b"".join((folder / one.file_name).read_bytes() for one in logs)
    requests = (ExportLogsServiceRequest.FromString(record.body) for record in records(data))
    return [
        record.event_name
        for request in requests
        for part in request.resource_logs
        for scope in part.scope_logs
        for record in scope.log_records
    ]


def counters(receiver: ReceiverProcess) -> Counters:
    """Its counters as they are now: it publishes them once a second."""
    asked = datetime.now(UTC)
    until(lambda: receiver.snapshot.written_at > asked, 30)
    return receiver.snapshot.counters


def post(receiver: ReceiverProcess, path: str, body: bytes, content_type: str = PROTOBUF) -> Any:
    return receiver.http.post(path, content=body, headers={"content-type": content_type})


def log_exporters(receiver: ReceiverProcess) -> list[LogRecordExporter]:
    return [
        OTLPLogExporter(f"{receiver.url}/v1/logs"),
        OTLPLogExporter(f"{receiver.url}/v1/logs", compression=Compression.Gzip),
        GrpcLogExporter(receiver.grpc_address, insecure=True),
    ]


@pytest.mark.otlp(2, 3)
def test_of_an_applications_logs_those_of_its_spans_are_kept(receiver: ReceiverProcess) -> None:
    dropped, kept = counters(receiver).dropped[Signal.LOGS], len(kept_events(receiver))
    provider = LoggerProvider()
    for exporter in log_exporters(receiver):
        provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    logger = provider.get_logger("application")

    with TracerProvider().get_tracer("tests").start_as_current_span("work"):
        for number in range(3):
            logger.emit(body=f"line {number}", severity_number=SeverityNumber.INFO)
        logger.emit(body="failed", severity_number=SeverityNumber.ERROR, exception=OSError("no index"))
    assert provider.force_flush()
    provider.shutdown()

    assert kept_events(receiver)[kept:] == ["exception"] * 3
    assert counters(receiver).dropped[Signal.LOGS] == dropped + 3 * 3


def metric_exporters(receiver: ReceiverProcess) -> list[MetricExporter]:
    return [
        OTLPMetricExporter(f"{receiver.url}/v1/metrics"),
        OTLPMetricExporter(f"{receiver.url}/v1/metrics", compression=Compression.Gzip),
        GrpcMetricExporter(receiver.grpc_address, insecure=True),
    ]


@pytest.mark.otlp(2, 3)
def test_an_applications_metrics_are_counted_and_dropped(receiver: ReceiverProcess) -> None:
    before = counters(receiver).dropped[Signal.METRICS]
    readers = [
        PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
        for exporter in metric_exporters(receiver)
    ]
    provider = MeterProvider(metric_readers=readers)
    meter = provider.get_meter("tests")
    for model in ("gpt-5", "gpt-4o"):
        meter.create_counter("tokens").add(5, {"model": model})
        meter.create_histogram("latency").record(0.5, {"model": model})
    provider.shutdown()

    post(receiver, "/v1/metrics", metrics_request(7).SerializeToString())
    post(receiver, "/v1/metrics", json_format.MessageToJson(metrics_request(7)).encode(), JSON)

    assert counters(receiver).dropped[Signal.METRICS] == before + 3 * 4 + 2 * 8


@pytest.mark.otlp(15, 27, 28)
@pytest.mark.parametrize(
    ("path", "response"),
    [("/v1/logs", ExportLogsServiceResponse), ("/v1/metrics", ExportMetricsServiceResponse)],
)
def test_what_is_dropped_is_no_news_to_the_client(
    receiver: ReceiverProcess, path: str, response: Any
) -> None:
    sent = logs_request(log("browser.page_view", of=SPAN)) if path == "/v1/logs" else metrics_request()

    answers = [
        post(receiver, path, sent.SerializeToString()),
        post(receiver, path, json_format.MessageToJson(sent).encode(), JSON),
        post(receiver, path, b""),
        post(receiver, path, b"{}", JSON),
    ]

    assert [(one.status_code, one.content) for one in answers] == [(200, b""), (200, b"{}")] * 2
    assert response.FromString(answers[0].content) == response()


@pytest.mark.parametrize("path", ["/v1/logs", "/v1/metrics"])
@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"\x0a\xff", PROTOBUF, 400),
        (b"\x0a\x02\x12", PROTOBUF, 400),
        (b"", JSON, 400),
        (b"[]", JSON, 400),
        (b'{"resourceLogs": 3, "resourceMetrics": 3}', JSON, 400),
        (b"", "text/plain", 415),
    ],
    ids=["no protobuf", "cut off", "empty JSON", "a list", "no list", "plain text"],
)
def test_what_is_wrong_is_refused_for_good(
    receiver: ReceiverProcess, path: str, body: bytes, content_type: str, code: int
) -> None:
    answer = post(receiver, path, body, content_type)

    assert answer.status_code == code
    message = (
        Status.FromString(answer.content).message if content_type == PROTOBUF else answer.json()["message"]
    )
    assert message


@pytest.mark.parametrize("service", [LOGS, METRICS])
def test_a_broken_message_is_an_invalid_argument(receiver: ReceiverProcess, service: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        receiver.channel.unary_unary(f"/{service}/Export")(b"\x0a\xff", timeout=10)

    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.otlp(31)
def test_a_heartbeat_without_a_span_is_said_and_the_others_are_kept(receiver: ReceiverProcess) -> None:
    broken = log(attributes={"partial.event": "heartbeat"}, of=SPAN, body="oops")
    sent = logs_request(broken, heartbeat(span("pulse")), log("gen_ai.choice", of=SPAN, body="hi"))

    answer = post(receiver, "/v1/logs", sent.SerializeToString())

    partial = ExportLogsServiceResponse.FromString(answer.content).partial_success
    assert partial.rejected_log_records == 1
    assert "1 log record was rejected: the body of a heartbeat" in partial.error_message
    in_json = post(receiver, "/v1/logs", json_format.MessageToJson(logs_request(broken)).encode(), JSON)
    assert in_json.status_code == 200
    assert receiver.stored[-1] == "pulse"
    assert kept_events(receiver)[-1] == "gen_ai.choice"


def test_ids_in_json_are_hexadecimal_and_a_rejection_is_named(receiver: ReceiverProcess) -> None:
    record = {
        "traceId": SPAN.trace_id.hex(),
        "spanId": SPAN.span_id.hex(),
        "attributes": [{"key": "partial.event", "value": {"stringValue": "heartbeat"}}],
        "body": {"stringValue": "oops"},
    }
    body = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}).encode()

    answer = post(receiver, "/v1/logs", body, JSON)

    assert answer.json()["partialSuccess"]["rejectedLogRecords"] == "1"


def test_text_that_is_not_utf8_is_repaired(receiver: ReceiverProcess) -> None:
    repaired = counters(receiver).repaired_strings
    sent = logs_request(log("gen_ai.choice", {"said": "broken"}, of=SPAN)).SerializeToString()

    answer = post(receiver, "/v1/logs", sent.replace(b"broken", b"br\xffken"))

    assert answer.status_code == 200
    assert counters(receiver).repaired_strings == repaired + 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/logs", field(1, field(2, b"\x12\x00" * 100_001))),
        ("/v1/logs", field(1, field(2, field(2, b"\x32\x00" * 2_000_000)))),
        ("/v1/metrics", field(1, field(2, field(2, field(5, b"\x0a\x00" * 2_000_000))))),
    ],
    ids=["log records", "attributes", "data points"],
)
def test_more_than_may_be_in_a_request_is_too_large(
    receiver: ReceiverProcess, path: str, body: bytes
) -> None:
    assert post(receiver, path, body).status_code == 413


def test_log_records_are_counted_across_a_kill(tmp_path: Any) -> None:
    body = logs_request(*[log("gen_ai.choice", of=SPAN)] * 3, log("other", of=SPAN)).SerializeToString()
    with receiver_in(tmp_path, segment_age_ms_max=600_000) as first:
        assert post(first, "/v1/logs", body).status_code == 200
    with receiver_in(tmp_path) as second:
        until(lambda: second.snapshot.log_records_accepted == 3, 60)
        assert second.snapshot.spans_accepted == 0
        assert [(one.signal, one.rows) for one in segments(second.folders.sealed)] == [(Signal.LOGS, 3)]
