"""What is answered when something is wrong: statuses, codes and bodies."""

import asyncio
import json
import socket
from types import SimpleNamespace
from typing import Any

import grpc
import grpc.aio
import httpx
import pytest
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from collector.errors import (
    CollectorError,
    DecodeError,
    Forbidden,
    JournalFailed,
    Overloaded,
    RateLimited,
    TooLarge,
    TransientError,
    Unauthenticated,
    UnsupportedMediaType,
)
from collector.keys.key import anonymous
from collector.keys.keyring import Keyring
from collector.receiver.admission import Admission
from collector.receiver.counters import Counters
from collector.receiver.http_answer import refusal
from collector.receiver.http_paths import signals_by_path
from collector.receiver.in_flight import InFlight
from collector.receiver.otlp_grpc import OtlpGrpc
from collector.receiver.otlp_http import Info, OtlpHttp
from collector.receiver.transport import Transport
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import EXPORT, JSON, PROTOBUF, ReceiverProcess

RETRIED = {429, 502, 503, 504}
RETRIED_CODES = {
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DATA_LOSS,
}


def status_in(response: httpx.Response) -> Status:
    if response.headers["content-type"] == PROTOBUF:
        return Status.FromString(response.content)
    assert response.headers["content-type"] == JSON
    return Status(**response.json())


@pytest.mark.otlp(6, 12, 13, 28, 33)
@pytest.mark.parametrize("content_type", [PROTOBUF, JSON])
@pytest.mark.parametrize(
    ("method", "path", "content", "encoding", "status"),
    [
        pytest.param("POST", "/v1/traces", b"nonsense", "identity", 400, id="400"),
        pytest.param("POST", "/v1/traces", b"nonsense", "gzip", 400, id="corrupt gzip"),
        pytest.param("POST", "/v1/traces", b"nonsense", "snappy", 400, id="an encoding not taken"),
        pytest.param("POST", "/v1/nothing", b"", "identity", 404, id="404"),
        pytest.param("PUT", "/v1/traces", b"", "identity", 405, id="405"),
        pytest.param("POST", "/v1/traces", bytes(65 << 20), "identity", 413, id="413"),
    ],
)
def test_an_error_is_a_status_in_the_requests_encoding(
    receiver: ReceiverProcess,
    content_type: str,
    method: str,
    path: str,
    content: bytes,
    encoding: str,
    status: int,
) -> None:
    headers = {"content-type": content_type, "content-encoding": encoding}

    response = receiver.http.request(method, path, content=content, headers=headers)

    assert (response.status_code, response.headers["content-type"]) == (status, content_type)
    assert status_in(response).message
    assert status not in RETRIED


@pytest.mark.otlp(33)
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"certainly no HTTP\r\n\r\n", 400, id="no HTTP"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, id="HTTP/2"),
        pytest.param(b"POST /v1/traces HTTP/1.1\r\nx: " + b"x" * 20_000 + b"\r\n\r\n", 431, id="a long head"),
        pytest.param(b"POST /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", 431, id="a long path"),
        pytest.param(b"POST / HTTP/1.1\r\nx: " + b"x" * 400_000, 431, id="a head without end"),
        pytest.param(b"POST / HTTP/1.1\r\n" + b"x: 1\r\n" * 20_000, 431, id="headers without end"),
        pytest.param(
            b"POST /v1/traces HTTP/1.1\r\ncontent-type: application/x-protobuf\r\n"
            b"transfer-encoding: chunked\r\n\r\n0\r\nx: 1\r\n" + b"x: 1\r\n" * 20_000,
            400,
            id="trailers without end",
        ),
    ],
)
def test_what_is_no_http_of_ours_is_a_status_too(receiver: ReceiverProcess, sent: bytes, status: int) -> None:
    head, _, content = said_to(receiver, sent).partition(b"\r\n\r\n")

    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"connection: close" in head
    assert json.loads(content)["message"]


def said_to(receiver: ReceiverProcess, sent: bytes) -> bytes:
    """All that is answered on a connection until it is closed."""
    answer = b""
    with socket.create_connection(receiver.http_place, timeout=30) as connection:
        try:
            connection.sendall(sent)
            while part := connection.recv(4096):
                answer += part
        except ConnectionError:
            pass  # what was still on its way when the connection was closed
    return answer


@pytest.mark.otlp(17, 32)
def test_what_was_repaired_is_a_warning_over_grpc_too(receiver: ReceiverProcess) -> None:
    partial = receiver.export(body(span("br?ken over grpc")).replace(b"?", b"\xff")).partial_success

    assert (partial.rejected_spans, partial.error_message) == (0, "1 string was not UTF-8, and repaired")
    assert "br\ufffdken over grpc" in receiver.stored


@pytest.mark.otlp(29)
def test_a_client_that_takes_gzip_can_read_the_answer(receiver: ReceiverProcess) -> None:
    response = receiver.post(
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}', JSON, accept_encoding="gzip"
    )

    assert response.json()["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.otlp(30)
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param('{"resourceSpans": "%s"}' % ("x" * 5_000_000), id="a text for an array"),
        pytest.param(
            '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"%s"}]}]}]}' % ("x" * 5_000_000),
            id="a text for a time",
        ),
    ],
)
def test_an_answer_is_short_however_long_the_fault(receiver: ReceiverProcess, sent: str) -> None:
    response = receiver.post(sent.encode(), JSON)

    assert response.status_code == 400
    assert len(response.content) < 5_000


@pytest.mark.otlp(35, 36)
@pytest.mark.parametrize("content_type", [PROTOBUF, JSON])
def test_a_full_disk_is_503_with_when_to_come_again(full: ReceiverProcess, content_type: str) -> None:
    sent = {"traceId": "ab" * 16, "spanId": "ab" * 8, "startTimeUnixNano": "5"}
    content = {
        PROTOBUF: body(span()),
        JSON: json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [sent]}]}]}).encode(),
    }

    response = full.post(content[content_type], content_type)

    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    assert response.headers["content-type"] == content_type
    assert "disk" in status_in(response).message


def raising(error: Exception) -> Any:
    """An export that raises it."""

    async def receive(*_: object) -> None:
        raise error

    return SimpleNamespace(receive=receive, threads=None)


@pytest.mark.otlp(35)
def test_a_fault_of_ours_is_503_over_http() -> None:
    broken = raising(RuntimeError("a fault of ours"))
    application: Any = OtlpHttp(
        broken,
        everybody(),
        Counters(),
        InFlight(1000),
        1000,
        10,
        signals_by_path(),
        Info(),
        lambda: None,
        exposition=broken,
    )

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as client:
            return await client.post("/v1/traces", content=b"", headers={"content-type": PROTOBUF})

    assert asyncio.run(post()).status_code == 503


@pytest.mark.otlp(37)
def test_a_fault_of_ours_is_unavailable_over_grpc_and_not_unknown() -> None:
    refused = refused_over_grpc(RuntimeError("a fault of ours"))

    assert refused.code() == grpc.StatusCode.UNAVAILABLE
    assert rpc_status.from_call(refused) is not None


def everybody() -> Admission:
    return Admission(Keyring((), anonymous()), Counters())


def refused_over_grpc(error: Exception) -> grpc.aio.AioRpcError:
    """What a client is told when receiving its request raises that."""

    async def export() -> grpc.aio.AioRpcError:
        server = OtlpGrpc(raising(error), everybody(), Counters(), InFlight(1000), 1000, Transport(), None)
        port = await server.start("127.0.0.1:0")
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await channel.unary_unary(EXPORT)(b"", timeout=30)
        await server.stop(0)
        return refused.value

    return asyncio.run(export())


ERRORS = [
    (DecodeError("wrong"), 400, grpc.StatusCode.INVALID_ARGUMENT),
    (TooLarge("large"), 413, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (UnsupportedMediaType("csv"), 415, grpc.StatusCode.INVALID_ARGUMENT),
    (Unauthenticated("who"), 401, grpc.StatusCode.UNAUTHENTICATED),
    (Forbidden("not this"), 403, grpc.StatusCode.PERMISSION_DENIED),
    (RateLimited("too fast"), 429, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (TransientError("later"), 503, grpc.StatusCode.UNAVAILABLE),
    (Overloaded("much"), 503, grpc.StatusCode.UNAVAILABLE),
    (JournalFailed("disk"), 503, grpc.StatusCode.UNAVAILABLE),
]


@pytest.mark.otlp(35, 37, 52)
@pytest.mark.parametrize(("error", "status", "code"), ERRORS, ids=[type(each[0]).__name__ for each in ERRORS])
def test_an_error_has_corresponding_codes_and_both_say_the_same_of_trying_again(
    error: CollectorError, status: int, code: grpc.StatusCode
) -> None:
    over_http = refusal(error, "protobuf")

    assert over_http.status == status
    assert Status.FromString(over_http.body).code == code.value[0]
    refused = refused_over_grpc(error)
    assert refused.code() == code
    again = isinstance(error, TransientError)
    # only with RetryInfo is RESOURCE_EXHAUSTED tried again
    says_when = rpc_status.from_call(refused) is not None
    retried = code in RETRIED_CODES or (code == grpc.StatusCode.RESOURCE_EXHAUSTED and says_when)
    assert (status in RETRIED, retried) == (again, again)
    assert (b"retry-after" in dict(over_http.headers)) == again
