import gzip
import json
import zlib
from collections.abc import Iterator

import pytest
from backports import zstd
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.builders import span
from tests.collector.otlp.builders import body, span_with
from tests.collector.receiver.process import JSON, PROTOBUF, ReceiverProcess

ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstd.compress, "identity": bytes}


@pytest.mark.otlp(2, 27, 28)
@pytest.mark.parametrize("path", ["/v1/traces", "/api/public/otel/v1/traces"])
def test_protobuf_is_stored_and_answered_with_nothing(receiver: ReceiverProcess, path: str) -> None:
    sent = body(span(f"sent to {path}"))

    response = receiver.http.post(path, content=sent, headers={"content-type": PROTOBUF})

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == PROTOBUF
    assert f"sent to {path}" in receiver.stored


@pytest.mark.otlp(5, 7, 26, 27, 28)
def test_json_is_stored_and_answered_with_an_empty_object(receiver: ReceiverProcess) -> None:
    sent = {
        "traceId": "0af7651916cd43dd8448eb211c80319c",
        "spanId": "00f067aa0ba902b7",
        "name": "from json",
        "startTimeUnixNano": "1795453843025000000",
    }

    response = receiver.post(
        json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [sent]}]}]}),
        "application/json; charset=utf-8",
    )

    assert (response.status_code, response.json()) == (200, {})
    assert response.headers["content-type"] == JSON
    assert "from json" in receiver.stored


@pytest.mark.otlp(10, 11)
@pytest.mark.parametrize("encoding", list(ENCODERS))
@pytest.mark.parametrize("size", [1, 100_000], ids=["small", "large"])
def test_compressed_bodies_are_stored(receiver: ReceiverProcess, encoding: str, size: int) -> None:
    name = f"{encoding} {size}"
    sent = ENCODERS[encoding](body(span(name, {"text": "x" * size})))

    response = receiver.post(sent, content_encoding=encoding)

    assert response.status_code == 200
    assert name in receiver.stored


@pytest.mark.otlp(14)
def test_a_body_in_chunks_is_stored(receiver: ReceiverProcess) -> None:
    sent = body(span("in chunks"))

    def chunks() -> Iterator[bytes]:
        yield sent[:10]
        yield sent[10:]

    assert receiver.post(chunks()).status_code == 200
    assert "in chunks" in receiver.stored


@pytest.mark.otlp(15, 16, 53)
@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", PROTOBUF),
        (b"{}", JSON),
        (b"\x0a\x00", PROTOBUF),
        (b"\x0a\x02\x12\x00", PROTOBUF),
        (b'{"resourceSpans": [{"scopeSpans": [{}]}]}', JSON),
    ],
)
def test_an_empty_request_succeeds_and_writes_nothing(
    receiver: ReceiverProcess, content: bytes, content_type: str
) -> None:
    before = receiver.stored

    assert receiver.post(content, content_type).status_code == 200
    assert receiver.stored == before


@pytest.mark.otlp(31)
def test_bad_spans_are_answered_with_partial_success_and_the_others_are_stored(
    receiver: ReceiverProcess,
) -> None:
    response = receiver.post(
        body(span("beside bad ones"), span_with(trace_id=b"\x01"), span_with(span_id=bytes(8)))
    )

    partial = ExportTraceServiceResponse.FromString(response.content).partial_success
    assert (response.status_code, partial.rejected_spans) == (200, 2)
    assert "span_id is all zeros (1), trace_id is not 16 bytes (1)" in partial.error_message
    assert "beside bad ones" in receiver.stored


@pytest.mark.otlp(18, 31)
def test_partial_success_in_json_is_as_otlp_writes_it(receiver: ReceiverProcess) -> None:
    response = receiver.post(b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"ab"}]}]}]}', JSON)

    assert response.status_code == 200
    assert response.json()["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.otlp(6)
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
def test_only_post_is_taken(receiver: ReceiverProcess, method: str) -> None:
    response = receiver.http.request(method, "/v1/traces")

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.otlp(6)
@pytest.mark.parametrize("path", ["/", "/v1/spans", "/v1/logs", "/v1/metrics"])
def test_other_paths_are_not_there(receiver: ReceiverProcess, path: str) -> None:
    response = receiver.http.post(path, content=b"", headers={"content-type": PROTOBUF})

    assert response.status_code == 404
    assert path in Status.FromString(response.content).message


@pytest.mark.otlp(7)
@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_other_content_types_are_refused_by_naming_those_taken(
    receiver: ReceiverProcess, content_type: str
) -> None:
    response = receiver.post(body(span()), content_type)

    assert response.status_code == 415
    assert "application/x-protobuf and application/json" in response.json()["message"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told(receiver: ReceiverProcess, path: str) -> None:
    response = receiver.http.get(path)

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.otlp(4)
def test_one_connection_serves_many_requests(receiver: ReceiverProcess) -> None:
    answers = [receiver.post(body(span(f"kept alive {number}"))).status_code for number in range(20)]

    assert answers == [200] * 20
