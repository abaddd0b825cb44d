"""Requests of a fleet of agents: those of `bench.ingest`, told apart by agent, outcome and text."""

import json
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from bench.ingest.spans import SPANS_PER_TRACE, requests
from tests.builders import SECOND, pairs

SPANS_PER_REQUEST = 512
RARE_AGENT = "archivist"
AGENTS = (*(f"agent-{number:02d}" for number in range(20)), RARE_AGENT)
# The busiest agent has a quarter of the spans of agents, the twentieth 1 %, the archivist 0.1 %.
_WEIGHTS = list(accumulate([*(1 / (number + 1) for number in range(20)), 0.0036]))
_SERVICES = 5
# With these, one span in a hundred has failed.
_FAILED, _HANDLED, _OPEN, _LONG = 0.02, 0.04, 0.002, 0.1
_WORDS = tuple(f"{('lorem', 'ipsum', 'dolor', 'sit')[n % 4]}{n:x}" for n in range(3_000))


def seed_requests(spans: int, first_ns: int, last_ns: int) -> Iterator[tuple[int, bytes]]:
    """Yield requests and, in Unix nanoseconds, when each arrives; traces begin evenly between two times."""
    count = spans // SPANS_PER_REQUEST
    step_ns = (last_ns - first_ns) // count
    for number in range(count):
        (body,) = requests(1, SPANS_PER_REQUEST, number)
        message = ExportTraceServiceRequest.FromString(body)
        begun_ns = first_ns + number * step_ns
        _tell_apart(message, random.Random(number), begun_ns, step_ns)
        yield begun_ns + step_ns + 10 * SECOND, message.SerializeToString()


def _tell_apart(
    message: ExportTraceServiceRequest, chance: random.Random, begun_ns: int, step_ns: int
) -> None:
    (resource_spans,) = message.resource_spans
    _set(resource_spans.resource.attributes, "service.name", f"service-{chance.randrange(_SERVICES)}")
    spans = resource_spans.scope_spans[0].spans
    for first in range(0, len(spans), SPANS_PER_TRACE):
        trace = spans[first : first + SPANS_PER_TRACE]
        _time(trace, begun_ns + first * step_ns // len(spans))
        for agent_span in trace[::4]:
            _name_agent(agent_span, chance.choices(AGENTS, cum_weights=_WEIGHTS)[0])
        _decide_outcome(trace, chance)
        if chance.random() < _LONG:
            _lengthen(trace, chance)


def _time(trace: Sequence[Span], begun_ns: int) -> None:
    for number, span in enumerate(trace):
        span.start_time_unix_nano = begun_ns + number * SECOND
        span.end_time_unix_nano = span.start_time_unix_nano + SECOND - number * 1_234_567
    trace[0].end_time_unix_nano = begun_ns + len(trace) * SECOND


def _name_agent(span: Span, agent: str) -> None:
    span.name = f"invoke_agent {agent}"
    _set(span.attributes, "gen_ai.agent.name", agent)


def _decide_outcome(trace: Sequence[Span], chance: random.Random) -> None:
    draw = chance.random()
    if draw < _FAILED + _HANDLED:
        failed = (trace[0], trace[2]) if draw < _FAILED else (trace[2],)
        for span in failed:
            message = f"search did not answer in {chance.randrange(5, 60)} s (host {chance.randrange(1_000)})"
            span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=message))
            span.attributes.extend(
                pairs({"error.type": chance.choice(("TimeoutError", "HTTPError", "ToolError"))})
            )
    elif draw > 1 - _OPEN:
        trace[0].end_time_unix_nano = trace[-1].end_time_unix_nano = 0


def _lengthen(trace: Sequence[Span], chance: random.Random) -> None:
    """Let every model call carry the history so far, and the definitions of its tools."""
    tools = _tools(chance.randrange(len(AGENTS)))
    history = [_message(chance) for _ in range(chance.randrange(10))]
    for call in trace[1::2]:
        history += [_message(chance), _message(chance)]
        _set(call.attributes, "gen_ai.input.messages", json.dumps(history))
        call.attributes.extend(pairs({"gen_ai.tool.definitions": tools}))


def _tools(agent: int) -> str:
    chance = random.Random(agent)
    tools = [{"type": "function", "name": f"tool_{n}", "description": _text(chance, 45)} for n in range(12)]
    return json.dumps(tools)


def _message(chance: random.Random) -> dict[str, object]:
    role = chance.choice(("user", "assistant", "tool"))
    return {"role": role, "parts": [{"type": "text", "content": _text(chance, 60)}]}


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _set(attributes: object, key: str, value: str) -> None:
    for pair in attributes:  # type: ignore[attr-defined]
        if pair.key == key:
            pair.value.string_value = value
