"""A client that sends half a body and no more."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from collector.keys.key import anonymous
from collector.keys.keyring import Keyring
from collector.receiver.admission import Admission
from collector.receiver.counters import HTTP_JSON, Counters
from collector.receiver.http_paths import signals_by_path
from collector.receiver.in_flight import InFlight
from collector.receiver.otlp_http import Info, OtlpHttp

SCOPE = {"path": "/v1/traces", "method": "POST", "headers": [(b"content-type", b"application/json")]}


@pytest.mark.otlp(40)
def test_a_body_that_does_not_come_in_time_may_be_sent_again() -> None:
    counters, in_flight, answered = Counters(), InFlight(1000), list[dict[str, Any]]()
    parts = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else await asyncio.Future()

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    export: Any = SimpleNamespace(receive=None, threads=None)  # nothing gets that far
    admission = Admission(Keyring((), anonymous()), counters)
    paths = signals_by_path()
    receiver = OtlpHttp(
        export, admission, counters, in_flight, 1000, 0.01, paths, Info(), lambda: None, exposition=export
    )
    asyncio.run(receiver(SCOPE, receive, send))

    assert answered[0]["status"] == 503
    assert {(b"retry-after", b"1"), (b"connection", b"close")} <= set(answered[0]["headers"])
    assert counters.requests[str(HTTP_JSON)].failed == 1
    assert in_flight.held_bytes == 0
