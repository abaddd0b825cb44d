"""An error that fails traces, sent by a real exporter: told, followed, and asked for by a command."""

import os
import subprocess
from contextlib import suppress
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

from tests.doldrums.command import COMMAND
from tests.service import Service, until

FOUND_S_MAX = 120


def order(tracer: Tracer) -> None:
    """A lead has a buyer pay; what fails there is passed on to the root."""
    agent = {"gen_ai.operation.name": "invoke_agent"}
    pay = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "pay"}
    with (
        tracer.start_as_current_span("order"),
        tracer.start_as_current_span("lead", attributes={**agent, "gen_ai.agent.name": "lead"}),
        tracer.start_as_current_span("buyer", attributes={**agent, "gen_ai.agent.name": "buyer"}),
        tracer.start_as_current_span("pay", attributes=pay),
    ):
        raise TimeoutError("no answer after 30 s")


def send(service: Service, traces: int) -> None:
    exporter = OTLPSpanExporter(f"{service.url('otlp_http')}/v1/traces")
    provider = TracerProvider(resource=Resource({"service.name": "shop"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    for _ in range(traces):
        with suppress(TimeoutError):
            order(provider.get_tracer("shop"))
    provider.shutdown()


def found(service: Service, state: str) -> list[dict[str, Any]]:
    """Return what is told of the buyer; other tests share the service."""
    items = service.get(f"/findings?detector=error_chain&state={state}")["items"]
    return [finding for finding in items if "buyer" in finding["agents"]]


def titles(service: Service) -> str:
    return " ".join(finding["title"] for finding in found(service, "open"))


def check(service: Service, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, "check", *options],
        env=os.environ | {"DOLDRUMS_DATA_DIR": str(service.folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_error_that_fails_traces_is_told_for_as_long_as_it_goes_on(service: Service) -> None:
    send(service, 3)
    until(lambda: found(service, "open"), FOUND_S_MAX, lambda: service.log()[-2000:])

    (finding,) = found(service, "open")
    send(service, 1)  # the look after is another one
    until(lambda: "4 traces" in titles(service), FOUND_S_MAX, lambda: service.log()[-2000:])

    (still,) = found(service, "open")
    assert (still["id"], still["grade"]) == (finding["id"], "confirmed")
    assert still["title"] == "TimeoutError in buyer's pay, passed on to lead, failed 4 traces of order"
    (chain,) = [one for one in service.get("/chains")["items"] if one["agent"] == "buyer"]
    assert (chain["failures"], chain["path"]) == (4, ["buyer", "lead", "order"])
    hops = service.get(f"/chains/{chain['fingerprint']}")["hops"]
    assert [hop["call"] for hop in hops] == ["pay", "buyer", "lead", "order"]
    asked = check(service, "--agent", "buyer")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "buyer (4 traces)" in asked.stdout
