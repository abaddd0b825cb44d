"""Logfire's SDK, told to send here instead of to Logfire."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.collector.otlp.builders import spans_in
from tests.collector.receiver.process import ReceiverProcess
from tests.conformance.page import ROOT
from tests.waiting import eventually

CLIENT = Path(__file__).with_name("logfire_client.py")
UV = shutil.which("uv") or shutil.which("uv", path=ROOT / ".cache" / "uv" / "bin")


def kinds_stored(receiver: ReceiverProcess) -> list[str]:
    """What `logfire.span_type` says of its spans, in the order received."""
    return [
        attribute.value.string_value
        for request in receiver.requests
        for span in spans_in(request)
        for attribute in span.attributes
        if attribute.key == "logfire.span_type" and span.name == "from logfire"
    ]


@pytest.mark.otlp(11)
@pytest.mark.skipif(UV is None and "CI" not in os.environ, reason="uv installs Logfire for it")
def test_logfire_sends_open_and_final_spans_by_zstd_and_shows_our_pages(
    receiver: ReceiverProcess,
) -> None:
    command = [str(UV), "run", "--quiet", "--script", CLIENT, receiver.url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as client:
        eventually(lambda: client.poll() is not None or "pending_span" in kinds_stored(receiver), 120)
        _, said = client.communicate("end\n", timeout=60)

    assert (client.returncode, said.strip()) == (0, "Logfire project URL: http://dashboard.example")
    assert kinds_stored(receiver) == ["pending_span", "span"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_probe_is_answered_and_only_that(receiver: ReceiverProcess, method: str) -> None:
    answer = receiver.http.request(method, "/v1/info", headers={"authorization": "token"})

    assert answer.status_code == 200
    assert receiver.http.post("/v1/info").status_code == 405
