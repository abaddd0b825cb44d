"""Four polite agents: real threads wait for each other, and somebody is told who must go first."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from doldrums_client import OpenSpanProcessor, waiting_for
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from tests.service import Service, until

TEAM = ("planner", "coder", "tester", "writer")
FOUND_S_MAX = 120


class Team:
    """Agents in threads of their own, each of which waits for what the next has to give."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("team")
        self.done = {name: threading.Event() for name in TEAM}
        self._threads = [threading.Thread(target=self._work, args=(name,)) for name in TEAM]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
            time.sleep(0.2)  # so that there is an order in which they begin to wait

    def end(self) -> None:
        for event in self.done.values():
            event.set()
        for thread in self._threads:
            thread.join()

    def _work(self, name: str) -> None:
        target = TEAM[(TEAM.index(name) + 1) % len(TEAM)]
        about = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}
        with (
            self._tracer.start_as_current_span(f"invoke_agent {name}", attributes=about),
            waiting_for(target, resource=f"what {target} makes", tracer=self._tracer),
        ):
            self.done[target].wait(FOUND_S_MAX * 2)


@contextmanager
def provided(service: Service) -> Iterator[TracerProvider]:
    traces = f"{service.url('otlp_http')}/v1/traces"
    provider = TracerProvider(resource=Resource({"service.name": "team"}))
    provider.add_span_processor(OpenSpanProcessor(endpoint=service.url("otlp_http")))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(traces)))
    yield provider
    provider.shutdown()


@pytest.fixture
def team(service: Service) -> Iterator[Team]:
    with provided(service) as provider:
        team = Team(provider)
        yield team
        team.end()


def test_a_ring_of_four_is_named_drawn_and_over_when_one_wait_ends(service: Service, team: Team) -> None:
    team.start()
    until(lambda: found(service, "open"), FOUND_S_MAX, lambda: service.log()[-2000:])

    (finding,) = found(service, "open")
    waits = service.get("/waits")
    (drawn,) = waits["rings"]
    hops = [waits["edges"][hop] for hop in drawn["hops"]]
    labels = {node["id"]: node["label"] for node in waits["nodes"]}
    team.done["tester"].set()  # the coder has what it waited for
    until(lambda: found(service, "resolved"), FOUND_S_MAX, lambda: service.log()[-2000:])

    assert (finding["grade"], finding["severity"]) == ("confirmed", "S1")
    assert finding["agents"] == list(TEAM)
    assert finding["title"].startswith(
        "planner, coder, tester and writer wait for each other in a ring since "
    )
    assert "writer's wait for planner" in finding["advice"]
    assert drawn["finding_id"] == finding["id"]
    assert [labels[hop["waiter"]] for hop in hops] == list(TEAM)
    assert [labels[hop["target"]] for hop in hops] == [*TEAM[1:], TEAM[0]]
    (resolved,) = found(service, "resolved")
    assert resolved["resolution_word"] == "ended"
    assert resolved["resolution"].startswith("coder's wait for tester ended after ")


def found(service: Service, state: str) -> list[dict[str, str]]:
    items: list[dict[str, str]] = service.get("/findings", detector="deadlock", state=state)["items"]
    return items
