"""Every kind of bad input into the real service: each gets its answer, and its neighbours are stored."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.builders import SECOND, request, span
from tests.loopback import http
from tests.service import Service, until

PROTOBUF, JSON = "application/x-protobuf", "application/json"


def body(*spans: Any) -> bytes:
    return request(*spans).SerializeToString()


def bad_utf8() -> bytes:
    return body(span("bad utf-8 SPOIL")).replace(b"SPOIL", b"\xff\xfe\xfa\xf0\xc1")


def json_of(**span_fields: str) -> bytes:
    fields = {
        "traceId": "ab" * 16,
        "spanId": "cd" * 8,
        "name": "json",
        "startTimeUnixNano": "1",
    } | span_fields
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [fields]}]}]}).encode()


GZIP = {"content-encoding": "gzip"}
CASES = [
    # headers, body (of a large one, what makes it), status, spans that are stored, spans that are rejected
    pytest.param({"content-type": PROTOBUF}, b"not protobuf at all", 400, 0, 0, id="not protobuf"),
    pytest.param({"content-type": JSON}, b"{not json", 400, 0, 0, id="not JSON"),
    pytest.param({"content-type": "text/plain"}, body(span()), 415, 0, 0, id="wrong content type"),
    pytest.param(
        {"content-type": PROTOBUF, **GZIP}, gzip.compress(body(span()))[:-12], 400, 0, 0, id="truncated gzip"
    ),
    pytest.param(
        {"content-type": PROTOBUF, **GZIP},
        lambda: gzip.compress(bytes(300 << 20), 9),
        413,
        0,
        0,
        id="gzip bomb",
    ),
    pytest.param({"content-type": PROTOBUF}, lambda: bytes(65 << 20), 413, 0, 0, id="65 MiB"),
    pytest.param({"content-type": PROTOBUF}, bad_utf8(), 200, 1, 0, id="invalid UTF-8"),
    pytest.param(
        {"content-type": PROTOBUF},
        body(span(trace_id=b"short"), span()),
        200,
        1,
        1,
        id="ids of the wrong length",
    ),
    pytest.param({"content-type": PROTOBUF}, body(span(span_id=bytes(8)), span()), 200, 1, 1, id="zero ids"),
    pytest.param(
        {"content-type": PROTOBUF},
        body(span(start_ns=5 * SECOND, end_ns=SECOND)),
        200,
        1,
        0,
        id="end before start",
    ),
    pytest.param({"content-type": PROTOBUF}, body(span(start_ns=1, end_ns=2)), 200, 1, 0, id="1970"),
    pytest.param(
        {"content-type": PROTOBUF}, body(span(start_ns=7_258_118_400 * SECOND)), 200, 1, 0, id="2200"
    ),
    pytest.param(
        {"content-type": PROTOBUF},
        lambda: body(span("many", {f"k{n}": n for n in range(100_000)})),
        200,
        1,
        0,
        id="100,000 attributes",
    ),
    pytest.param(
        {"content-type": PROTOBUF},
        lambda: body(span("long", {"text": "x" * (10 << 20)})),
        200,
        1,
        0,
        id="10 MB attribute",
    ),
    pytest.param({"content-type": PROTOBUF}, b"", 200, 0, 0, id="empty request"),
    pytest.param({"content-type": JSON}, json_of(), 200, 1, 0, id="odd but right JSON"),
]


def send(service: Service, content: bytes, headers: dict[str, str]) -> httpx.Response:
    return http.post(f"{service.url('otlp_http')}/v1/traces", content=content, headers=headers)


@pytest.mark.parametrize(("headers", "content", "status", "stored", "rejected"), CASES)
def test_bad_input_gets_its_answer_and_spoils_nothing_else(
    service: Service,
    headers: dict[str, str],
    content: bytes | Callable[[], bytes],
    status: int,
    stored: int,
    rejected: int,
) -> None:
    before = settled(service)

    good = send(service, body(span(), span()), {"content-type": PROTOBUF})
    answer = send(service, content() if callable(content) else content, headers)
    also_good = send(service, body(span()), {"content-type": PROTOBUF})

    assert (good.status_code, answer.status_code, also_good.status_code) == (200, status, 200), answer.text
    service.wait_until_stored(before["stored"] + 3 + stored)
    after = settled(service)
    assert after["stored"] - before["stored"] == 3 + stored
    assert after["rejected"] - before["rejected"] == rejected
    assert after["quarantined"] == 0


def test_values_nested_200_deep_are_refused_and_the_service_lives(service: Service) -> None:
    deep = b"\x0a\x00"
    for _ in range(200):
        inner = b"\x0a" + varint(len(deep)) + deep
        deep = b"\x2a" + varint(len(inner)) + inner
    attribute = b"\x0a\x01k\x12" + varint(len(deep)) + deep
    one = span().SerializeToString() + b"\x4a" + varint(len(attribute)) + attribute
    for tag in (b"\x12", b"\x12", b"\x0a"):
        one = tag + varint(len(one)) + one

    assert send(service, one, {"content-type": PROTOBUF}).status_code == 400
    assert send(service, body(span()), {"content-type": PROTOBUF}).status_code == 200


def settled(service: Service) -> dict[str, int]:
    """Counts once everything that was answered is published, which is done once a second, and stored."""
    now, counts = datetime.now(UTC), dict[str, int]()
    until(lambda: published(service) > now, 60)

    def all_stored() -> bool:
        counts.update(service.stats()["spans"])
        return counts["received"] == counts["stored"]

    until(all_stored, 60)
    return counts


def published(service: Service) -> datetime:
    """When the receiver last published its counts."""
    return datetime.fromisoformat(json.loads((service.folder / "receiver.json").read_text())["written_at"])


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def test_what_was_refused_and_repaired_is_counted(service: Service) -> None:
    settled(service)
    before = service.stats()

    send(service, b"not protobuf at all", {"content-type": PROTOBUF})
    send(service, bad_utf8(), {"content-type": PROTOBUF})

    until(lambda: service.stats()["requests_rejected"] == before["requests_rejected"] + 1, 60)
    until(lambda: service.stats()["strings_repaired"] == before["strings_repaired"] + 1, 60)
