"""The main job: an agent gets stuck, somebody is told, it goes on, somebody is told."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from doldrums_client import OpenSpanProcessor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from analytics.alerts.webhook import new_secret
from tests.builders import SECOND, request, span
from tests.end_to_end.webhook_receiver import WebhookReceiver
from tests.loopback import http
from tests.service import Service, until

SECRET = new_secret()
WAIT = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "await_tests",
    "gen_ai.agent.name": "coder",
    "doldrums.wait.on": "tester",
    "doldrums.wait.kind": "agent",
}
FOUND_S_MAX = 180


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver(SECRET, failures=1) as receiver:
        yield receiver


@pytest.fixture(scope="module")
def alerting(tmp_path_factory: pytest.TempPathFactory, receiver: WebhookReceiver) -> Iterator[Service]:
    webhooks = json.dumps([{"name": "on-call", "url": receiver.url, "secret": SECRET}])
    folder: Path = tmp_path_factory.mktemp("alerting")
    with Service(folder, {"DOLDRUMS_WEBHOOKS": webhooks}) as service:
        yield service


def send_usual_work(service: Service) -> None:
    """An hour's worth of the same wait, each about a second long."""
    now = time.time_ns()
    usual = [
        span(
            "execute_tool await_tests",
            WAIT,
            start_ns=now - (60 + n) * SECOND,
            end_ns=now - (59 + n) * SECOND + n,
        )
        for n in range(200)
    ]
    body = request(*usual, scope="tests").SerializeToString()
    answer = http.post(
        f"{service.url('otlp_http')}/v1/traces",
        content=body,
        headers={"content-type": "application/x-protobuf"},
    )
    answer.raise_for_status()
    service.wait_until_stored(200)


def test_a_stuck_agent_is_found_told_and_told_again_when_it_goes_on(
    alerting: Service, receiver: WebhookReceiver
) -> None:
    send_usual_work(alerting)
    traces = f"{alerting.url('otlp_http')}/v1/traces"
    provider = TracerProvider(resource=Resource({"service.name": "tests"}))
    provider.add_span_processor(OpenSpanProcessor(exporter=OTLPSpanExporter(traces)))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(traces)))
    tracer, freed = provider.get_tracer("tests"), threading.Event()

    def stuck() -> None:
        with (
            tracer.start_as_current_span("invoke_agent coder", attributes={"gen_ai.agent.name": "coder"}),
            tracer.start_as_current_span("execute_tool await_tests", attributes=WAIT),
        ):
            freed.wait(FOUND_S_MAX * 2)

    coder = threading.Thread(target=stuck)
    coder.start()

    try:
        until(lambda: receiver.messages, FOUND_S_MAX, lambda: alerting.log()[-2000:])
        opened = receiver.messages[0]
        (finding,) = alerting.get("/findings", detector="stuck_span", state="open")["items"]
    finally:
        freed.set()
        coder.join()
        provider.shutdown()
    until(lambda: len(receiver.messages) > 1, FOUND_S_MAX)

    assert opened["type"] == "finding.opened"
    assert opened["data"]["id"] == finding["id"]
    assert "coder" in finding["title"]
    assert "tester" in finding["title"]
    assert finding["agents"][0] == "coder"
    assert finding["evidence"]
    assert receiver.messages[1]["type"] == "finding.resolved"
    assert receiver.ids[0] == receiver.ids[1], "a retry keeps the id"
    (resolved,) = alerting.get("/findings", detector="stuck_span")["items"]
    assert resolved["state"] == "resolved"
    # the receiver has a message before its sender has the answer
    until(lambda: delivery_states(alerting) == {"delivered"}, 60)


def delivery_states(service: Service) -> set[str]:
    return {delivery["state"] for delivery in service.get("/deliveries")["items"]}
