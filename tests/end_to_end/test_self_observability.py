"""What the running service says of itself: metrics, its own traces and its log."""

import json
import socket

import httpx
import pytest

from tests.builders import span
from tests.collector.otlp.builders import body
from tests.documented import documented_metrics
from tests.doldrums.endpoint import Endpoint
from tests.prometheus import families, faults, samples
from tests.service import Service, until

CONTENT = "what the agent said to nobody else"


@pytest.fixture(scope="module", autouse=True)
def work(service: Service) -> None:
    """A span stored and assembled, a message delivered, and a page asked for."""
    before = core(service)["doldrums_core_spans_assembled_total"]
    sent = httpx.post(
        f"{service.url('otlp_http')}/v1/traces",
        content=body(span("work", {"gen_ai.input.messages": CONTENT})),
        headers={"content-type": "application/x-protobuf"},
    )
    sent.raise_for_status()
    httpx.post(f"{service.url('api')}/api/v1/webhooks/desk/test").raise_for_status()
    service.get("/traces", q=CONTENT)
    httpx.get(f"{service.url('api')}/api/v1/{CONTENT}")
    until(lambda: core(service)["doldrums_core_spans_assembled_total"] > before, 60)


def text(service: Service, part: str) -> str:
    return httpx.get(f"{service.url(part)}/metrics").raise_for_status().text


def core(service: Service) -> dict[str, float]:
    return samples(text(service, "api"))


@pytest.mark.parametrize("part", ["api", "otlp_http"])
def test_prometheus_finds_no_fault_with_the_metrics(service: Service, part: str) -> None:
    assert faults(text(service, part)) == []


def test_the_documentation_lists_every_metric_and_no_other(service: Service) -> None:
    assert families(text(service, "api")) | families(text(service, "otlp_http")) == documented_metrics()


def test_the_core_counts_what_it_stores_assembles_looks_at_and_sends(service: Service) -> None:
    delivered = 'doldrums_core_delivery_attempts_total{outcome="delivered",webhook="desk"}'
    until(lambda: core(service)[delivered] > 0, 60)
    now = core(service)

    assert now["doldrums_core_ready"] == now["doldrums_core_state_up"] == 1
    assert now['doldrums_core_items_stored_total{signal="traces"}'] >= 1
    assert now["doldrums_core_ingest_lag_seconds_count"] >= 1
    assert now["doldrums_core_load_seconds_count"] >= 1
    assert now['doldrums_core_look_seconds_count{detector="stuck_span"}'] >= 1
    assert now['doldrums_core_api_call_seconds_count{code="404",route="none"}'] >= 1
    assert 0 <= now["doldrums_core_assembly_lag_seconds"] < 60
    assert 0 <= now['doldrums_core_work_behind_seconds{work="contracts"}'] < 60


def test_its_own_work_is_sent_as_traces(service: Service, own_traces: Endpoint) -> None:
    wanted = {"load", "assemble", "look", "deliver", "GET /traces"}

    until(lambda: wanted <= {each.name for each in own_traces.spans}, 60)

    (resource,) = {str(each.resource) for request in own_traces.requests for each in request.resource_spans}
    assert '"doldrums"' in resource
    assert set(own_traces.paths) == {"/v1/traces"}


def test_nothing_it_says_holds_what_agents_said_or_a_secret(
    service: Service, own_traces: Endpoint, secret: str
) -> None:
    until(lambda: any(each.name == "GET /traces" for each in own_traces.spans), 60)
    said = [
        service.log(),
        text(service, "api"),
        text(service, "otlp_http"),
        *map(str, own_traces.requests),
    ]

    assert not [each for each in said if CONTENT in each or secret.removeprefix("whsec_") in each]


def test_every_event_of_its_log_is_a_json_object(service: Service) -> None:
    events = [line for line in service.log().splitlines() if line.startswith("{")]

    assert {"event", "level", "process", "timestamp"} <= set.intersection(
        *(set(json.loads(line)) for line in events)
    )


def test_a_storm_of_bad_requests_fills_no_disk(service: Service) -> None:
    host, port = service.run["otlp_http"].split(":")
    for _ in range(100):
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(b"no HTTP at all\r\n\r\n")
            connection.recv(100)

    assert 0 < service.log().count("Invalid HTTP request received.") <= 20
