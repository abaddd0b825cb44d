"""Every bad input of the issue: the answer, a counter, and the other requests' spans stored."""

import gzip
import json
import socket
import zlib
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from backports import zstd
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.builders import SECOND, span
from tests.collector.otlp.builders import body, deep_body, field, request_of_spans_on_the_wire, span_with
from tests.collector.receiver.process import JSON, PROTOBUF, ReceiverProcess, receiver_in

MEBIBYTE = 1 << 20
YEAR_2200_NS = 7_258_118_400 * SECOND


@dataclass(frozen=True)
class Sent:
    """A request, and the HTTP status it gets."""

    content: bytes
    status: int
    content_type: str = PROTOBUF
    encoding: str = "identity"


def json_of(name: str) -> bytes:
    sent = {"name": name, "traceId": "ab" * 16, "spanId": "ab" * 8, "startTimeUnixNano": "5"}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [sent]}]}]}).encode()


def bomb() -> bytes:
    """A gibibyte of zeros in one mebibyte of gzip."""
    compressor = zlib.compressobj(wbits=31)
    return b"".join(compressor.compress(bytes(MEBIBYTE)) for _ in range(1024)) + compressor.flush()


NEVER_RIGHT = {
    "not protobuf": Sent(b"certainly not", 400),
    "cut-off protobuf": Sent(body(span())[:-3], 400),
    "not json": Sent(b"certainly not", 400, JSON),
    "no json": Sent(b"", 400, JSON),
    "json nested 5,000 deep": Sent(b"[" * 5_000 + b"]" * 5_000, 400, JSON),
    "no content type": Sent(b"", 415, ""),
    "wrong content type": Sent(body(span()), 415, "text/csv"),
    "not gzip": Sent(body(span()), 400, encoding="gzip"),
    "cut-off gzip": Sent(gzip.compress(body(span()))[:-9], 400, encoding="gzip"),
    "corrupt gzip": Sent(gzip.compress(body(span()))[:20] + bytes(30), 400, encoding="gzip"),
    "not zstd": Sent(body(span()), 400, encoding="zstd"),
    "cut-off zstd": Sent(zstd.compress(body(span()))[:-5], 400, encoding="zstd"),
    "unknown encoding": Sent(body(span()), 400, encoding="br"),
    "65 MiB": Sent(bytes(65 * MEBIBYTE), 413),
    "65 MiB when inflated": Sent(gzip.compress(bytes(65 * MEBIBYTE), 1), 413, encoding="gzip"),
    "a gzip bomb": Sent(bomb(), 413, encoding="gzip"),
    "a zstd bomb": Sent(zstd.compress(bytes(1 << 30)), 413, encoding="zstd"),
    "5 million empty spans": Sent(request_of_spans_on_the_wire(field(2, b"") * 5_000_000), 413),
    "2 million attributes": Sent(request_of_spans_on_the_wire(field(2, field(9, b"") * 2_000_000)), 413),
    "json of 5 million values": Sent(b"[" + b"1," * 5_000_000 + b"1]", 413, JSON),
    "values nested 200 deep": Sent(deep_body(200), 400),
}


def post(receiver: ReceiverProcess, sent: Sent) -> tuple[int, bytes]:
    response = receiver.post(sent.content, sent.content_type, content_encoding=sent.encoding)
    return response.status_code, response.content


@pytest.mark.otlp(7, 12, 13, 15, 17, 33, 34)
@pytest.mark.parametrize("sent", NEVER_RIGHT.values(), ids=NEVER_RIGHT.keys())
def test_what_will_never_be_right_gets_a_final_answer_and_others_are_not_harmed(
    receiver: ReceiverProcess, sent: Sent, request: pytest.FixtureRequest
) -> None:
    before = receiver.stored

    status, answer = post(receiver, sent)
    message = (
        Status.FromString(answer).message if sent.content_type == PROTOBUF else json.loads(answer)["message"]
    )
    assert (status, bool(message)) == (sent.status, True)
    assert receiver.stored == before

    neighbour = f"after {request.node.name}"
    assert receiver.post(body(span(neighbour))).status_code == 200
    assert receiver.stored == [*before, neighbour]


ODD_BUT_STORED = {
    "end before start": body(span("end before start", start_ns=SECOND, end_ns=1)),
    "1970": body(span("1970", start_ns=1, end_ns=2)),
    "2200": body(span("2200", start_ns=YEAR_2200_NS)),
    "the end of time": body(span("the end of time", start_ns=2**64 - 1, end_ns=2**64 - 1)),
    "open": body(span("open", end_ns=0)),
    "100,000 attributes": body(span("100,000 attributes", {f"key {n}": n for n in range(100_000)})),
    "a 10 MB attribute": body(span("a 10 MB attribute", {"text": "J" * 10_000_000})),
    "a parent of 3 bytes": body(span("a parent of 3 bytes", parent=b"abc")),
}


@pytest.mark.otlp(41, 47)
@pytest.mark.parametrize(("name", "content"), ODD_BUT_STORED.items(), ids=ODD_BUT_STORED.keys())
def test_what_is_only_odd_is_stored(receiver: ReceiverProcess, name: str, content: bytes) -> None:
    response = receiver.post(content)

    assert (response.status_code, response.content) == (200, b"")
    assert receiver.stored.count(name) == 1


@pytest.mark.otlp(17, 32)
@pytest.mark.parametrize("content_type", [PROTOBUF, JSON])
def test_text_that_is_not_utf8_is_repaired_and_stored(receiver: ReceiverProcess, content_type: str) -> None:
    name = f"{content_type[-4:]} br?ken"
    content = body(span(name)) if content_type == PROTOBUF else json_of(name)

    response = receiver.post(content.replace(b"?", b"\xff"), content_type)

    assert response.status_code == 200
    assert warning_in(response) == (0, "1 string was not UTF-8, and repaired")
    assert name.replace("?", "\ufffd") in receiver.stored


def warning_in(response: httpx.Response) -> tuple[int, str]:
    if response.headers["content-type"] == JSON:
        partial = response.json()["partialSuccess"]
        return int(partial["rejectedSpans"]), partial["errorMessage"]
    told = ExportTraceServiceResponse.FromString(response.content).partial_success
    return told.rejected_spans, told.error_message


@pytest.mark.otlp(53)
def test_all_of_it_is_counted(tmp_path: Path) -> None:
    with receiver_in(tmp_path / "data") as receiver:
        for sent in NEVER_RIGHT.values():
            post(receiver, sent)
        for content in (*ODD_BUT_STORED.values(), body(span("br?ken")).replace(b"?", b"\xff")):
            receiver.post(content)
        receiver.export(body(span(), span_with(trace_id=bytes(16)), span_with(span_id=b"")))
        receiver.stop()

        snapshot = receiver.snapshot
        requests = snapshot.counters.requests
        assert sum(tally.rejected for tally in requests.values()) == len(NEVER_RIGHT)
        assert requests["http/unknown"].rejected == 2
        assert requests["http/protobuf"].accepted == len(ODD_BUT_STORED) + 1
        assert snapshot.counters.repaired_strings == 1
        assert snapshot.counters.rejected_by_reason == {
            "trace_id is all zeros": 1,
            "span_id is not 8 bytes": 1,
        }
        assert (snapshot.spans_accepted, snapshot.spans_rejected) == (len(ODD_BUT_STORED) + 2, 2)


@pytest.mark.otlp(13, 51)
def test_bombs_do_not_fill_the_memory(receiver: ReceiverProcess) -> None:
    process = psutil.Process(receiver.process.pid)
    before = process.memory_info().rss

    for name in ("a gzip bomb", "a zstd bomb", "5 million empty spans", "2 million attributes", "65 MiB"):
        post(receiver, NEVER_RIGHT[name])

    assert process.memory_info().rss - before < 250 * MEBIBYTE


@pytest.mark.otlp(40)
def test_a_client_that_goes_away_leaves_nothing_behind(receiver: ReceiverProcess) -> None:
    before = receiver.stored
    host, port = receiver.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n"
            b"content-length: 1000\r\n\r\nhalf"
        )

    assert receiver.post(body(span("after one that left"))).status_code == 200
    assert receiver.stored == [*before, "after one that left"]
