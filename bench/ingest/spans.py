"""Requests as an agent framework sends them: eight spans a trace, 780 bytes a span."""

import json
import os
import random
import time
from collections.abc import Iterator
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.builders import pairs, request

SPANS_PER_TRACE = 8
RESOURCE = {
    "service.version": "1.2.3",
    "service.instance.id": "worker-1",
    "deployment.environment.name": "bench",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "python",
    "telemetry.sdk.version": "1.45.2",
}


def requests(count: int, spans: int, seed: int) -> Iterator[bytes]:
    """Yield encoded requests of `spans` spans; ids and times are fresh, everything else follows the seed."""
    template = _template(spans, random.Random(seed))
    for _ in range(count):
        _renew(template)
        yield template.SerializeToString()


def _template(spans: int, chance: random.Random) -> ExportTraceServiceRequest:
    return request(
        *(_span(number, chance) for number in range(spans)), scope="pydantic-ai", resource=RESOURCE
    )


def _span(number: int, chance: random.Random) -> Span:
    operation = ("invoke_agent", "chat", "execute_tool", "chat")[number % 4]
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": "openai",
        "thread.id": 12345,
        "code.function": "run",
        "code.filepath": "/srv/agents/planner.py",
        **_details(operation, chance),
    }
    return Span(
        name=f"{operation} {('planner', 'gpt-5', 'search', 'gpt-5')[number % 4]}",
        kind=Span.SPAN_KIND_INTERNAL,
        attributes=pairs(attributes),
    )


def _details(operation: str, chance: random.Random) -> dict[str, Any]:
    if operation == "invoke_agent":
        return {"gen_ai.agent.name": "planner", "gen_ai.conversation.id": f"conversation-{chance.random()}"}
    if operation == "execute_tool":
        return {
            "gen_ai.tool.name": "search",
            "gen_ai.tool.call.id": f"call_{chance.random()}",
            "gen_ai.tool.call.arguments": '{"query": "' + _words(chance, 15) + '"}',
            "gen_ai.tool.call.result": "found " + _words(chance, 25),
        }
    return {
        "gen_ai.request.model": "gpt-5",
        "gen_ai.response.model": "gpt-5-2026",
        "gen_ai.usage.input_tokens": chance.randrange(5000),
        "gen_ai.usage.output_tokens": chance.randrange(500),
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.id": f"response-{chance.random()}",
        "server.address": "api.example",
        "gen_ai.input.messages": _message("user", _words(chance, 40)),
        "gen_ai.output.messages": _message("assistant", _words(chance, 25)),
    }


def _message(role: str, content: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": content}]}])


def _words(chance: random.Random, count: int) -> str:
    return " ".join(f"{chance.randrange(10**6):x}" for _ in range(count))


def _renew(template: ExportTraceServiceRequest) -> None:
    """Give every span a new id and time; the first of each trace is the parent of the others."""
    now = time.time_ns()
    trace_id = parent = b""
    for number, span in enumerate(template.resource_spans[0].scope_spans[0].spans):
        if number % SPANS_PER_TRACE == 0:
            trace_id, parent = os.urandom(16), b""
        span.trace_id, span.span_id, span.parent_span_id = trace_id, os.urandom(8), parent
        parent = parent or span.span_id
        span.start_time_unix_nano = now - 2_000_000_000 + number * 1000
        span.end_time_unix_nano = now - 1_000_000_000
