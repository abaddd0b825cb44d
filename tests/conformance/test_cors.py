"""Cross-origin requests, as browsers make them."""

import httpx
import pytest

from tests.builders import span
from tests.collector.otlp.builders import body
from tests.collector.receiver.process import PROTOBUF, ReceiverProcess

ALLOWED = ["https://app.example.com", "https://a.b.example.com", "http://localhost:3000"]
OTHERS = ["https://example.org", "http://app.example.com", "https://app.example.com.evil.org", "null"]


def preflight(receiver: ReceiverProcess, origin: str) -> httpx.Response:
    """What a browser asks before it sends; never with a key."""
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-api-key",
    }
    return receiver.http.options("/v1/traces", headers={"origin": origin, **asked})


@pytest.mark.otlp(50)
@pytest.mark.parametrize("origin", ALLOWED)
def test_the_pages_of_an_allowed_origin_may_send(receiver: ReceiverProcess, origin: str) -> None:
    asked = preflight(receiver, origin)
    sent = receiver.post(body(span()), PROTOBUF, origin=origin)

    assert (asked.status_code, sent.status_code) == (200, 200)
    assert {"content-type", "x-api-key"} <= set(asked.headers["access-control-allow-headers"].split(","))
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert asked.headers["access-control-max-age"] == "7200"
    for answer in (asked, sent):
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"


@pytest.mark.otlp(50)
@pytest.mark.parametrize("origin", OTHERS)
def test_those_of_others_may_not(receiver: ReceiverProcess, origin: str) -> None:
    asked = preflight(receiver, origin)

    assert asked.status_code == 400
    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in receiver.post(b"", PROTOBUF, origin=origin).headers


@pytest.mark.otlp(50)
def test_an_error_can_be_read_by_the_page_too(receiver: ReceiverProcess) -> None:
    refused = receiver.post(b"nonsense", PROTOBUF, origin=ALLOWED[0])

    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (400, ALLOWED[0])


@pytest.mark.otlp(50)
def test_without_origins_no_page_may_send(full: ReceiverProcess) -> None:
    assert "access-control-allow-origin" not in preflight(full, ALLOWED[0]).headers
