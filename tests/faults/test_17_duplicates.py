"""Scenario 17: spans sent again, in any order and a day late, are one span each on read."""

import random
import time
import uuid
from typing import Any

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.builders import SECOND, span
from tests.collector.otlp.builders import body
from tests.faults.clients import PROTOBUF
from tests.faults.size import SEED, limit_s, note, sized
from tests.service import Service, until

TRACES = sized(5, 5_000)
SPANS = 10
BATCH = 40
DAY_NS = 86_400 * SECOND
COMPARED = ("name", "kind", "agent", "operation", "start", "end", "status", "input_tokens", "state")


def trace_of(chance: random.Random, start_ns: int) -> list[Span]:
    """A tree of agents' work that is the same for the same chance, but for its ids."""
    trace_id = uuid.uuid4().bytes
    made: list[Span] = []
    for number in range(SPANS):
        parent = chance.choice(made).span_id if made else b""
        attributes: dict[str, Any] = {
            "gen_ai.agent.name": f"agent {number % 3}",
            "gen_ai.operation.name": "chat",
        }
        attributes["gen_ai.usage.input_tokens"] = chance.randrange(1000)
        began = start_ns + number * SECOND
        made.append(
            span(
                f"work {number}", attributes, trace_id=trace_id, parent=parent, start_ns=began,
                end_ns=began + SECOND, error="no" if chance.random() < 0.2 else None,
            )
        )  # fmt: skip
    return made


def shape(service: Service, trace_id: bytes) -> list[dict[str, Any]]:
    """A trace as it is read, with names for ids."""
    answer = httpx.get(f"{service.url('api')}/api/v1/traces/{trace_id.hex()}", timeout=30)
    if not answer.is_success:
        return []
    spans = answer.json()["spans"]
    names = {one["span_id"]: one["name"] for one in spans}
    return [
        {key: one[key] for key in COMPARED} | {"parent": names.get(one["parent_span_id"])} for one in spans
    ]


def same(service: Service, one: list[Span], other: list[Span]) -> bool:
    """Whether both traces are there as a whole and read alike."""
    read = shape(service, one[0].trace_id)
    return len(read) == SPANS and read == shape(service, other[0].trace_id)


def send(service: Service, spans: list[Span]) -> None:
    with httpx.Client(headers=PROTOBUF, timeout=60) as http:
        for first in range(0, len(spans), BATCH):
            content = body(*spans[first : first + BATCH])
            assert http.post(f"{service.url('otlp_http')}/v1/traces", content=content).status_code == 200


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 3600))
def test_whatever_is_sent_again_reads_as_if_it_had_been_sent_once(service: Service) -> None:
    chance, now_ns = random.Random(SEED), time.time_ns()
    starts = [now_ns - (DAY_NS if number % 2 else 60 * SECOND) for number in range(TRACES)]
    once = [trace_of(random.Random(number), start) for number, start in enumerate(starts)]
    again = [trace_of(random.Random(number), start) for number, start in enumerate(starts)]
    resent = [one for spans in again for one in spans for _ in range(chance.randint(1, 5))]
    chance.shuffle(resent)

    send(service, [one for spans in once for one in spans])
    send(service, resent)

    for in_order, out_of_order in zip(once, again, strict=True):
        until(
            lambda one=in_order, other=out_of_order: same(service, one, other),  # type: ignore[misc]
            300,
            lambda one=in_order: f"trace {one[0].trace_id.hex()} reads otherwise",  # type: ignore[misc]
        )
    note(
        "17 duplicates",
        f"{TRACES} traces of {SPANS} spans, each span 1 to 5 times in any order",
        sent=len(resent),
        traces_that_differ=0,
    )
