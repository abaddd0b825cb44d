"""What a hundred agents send: traces of eight spans with content, and errors that travel or are swallowed."""

import json
import os
import random
import time
from collections.abc import Iterator
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.builders import pairs, request

SPANS_PER_TRACE = 8
# of either kind
AGENTS = 50
TOOLS_OF_AGENT = 4
RESOURCE = {
    "service.version": "1.2.3",
    "service.instance.id": "worker-1",
    "deployment.environment.name": "bench",
}
# Of the traces: what becomes of a tool's error.
TRAVELS_SHARE, SWALLOWED_SHARE, RETRIED_SHARE = 0.01, 0.01, 0.02


def requests(traces: int, seed: int) -> Iterator[bytes]:
    """Yield encoded requests of so many traces, for ever; what they say is drawn anew for each."""
    chance = random.Random(seed)
    while True:
        spans = [span for _ in range(traces) for span in _trace(chance)]
        yield request(*spans, scope="pydantic-ai", resource=RESOURCE).SerializeToString()


def _trace(chance: random.Random) -> Iterator[Span]:
    """A planner's turn: a model, a tool, and a second agent with a model and two calls of a tool."""
    trace_id, ids = os.urandom(16), [os.urandom(8) for _ in range(SPANS_PER_TRACE)]
    pair = chance.randrange(AGENTS)
    planner, worker = f"planner {pair}", f"worker {pair}"
    fate = chance.random()
    travels = fate < TRAVELS_SHARE
    swallowed = not travels and fate < TRAVELS_SHARE + SWALLOWED_SHARE
    retried = not (travels or swallowed) and fate < TRAVELS_SHARE + SWALLOWED_SHARE + RETRIED_SHARE
    first, second = (pair * TOOLS_OF_AGENT + chance.randrange(TOOLS_OF_AGENT) for _ in range(2))
    works = [
        (_agent(planner), b"", travels),
        (_model(planner, chance), ids[0], False),
        (_tool(planner, first, chance), ids[0], swallowed),
        (_agent(worker), ids[0], travels),
        (_model(worker, chance), ids[3], False),
        (_tool(worker, second, chance), ids[3], travels or retried),
        (_tool(worker, second if retried else first, chance), ids[3], False),
        (_model(planner, chance), ids[0], False),
    ]
    now = time.time_ns() - 1_000_000_000
    for number, ((name, attributes), parent, failed) in enumerate(works):
        yield Span(
            name=name,
            kind=Span.SPAN_KIND_INTERNAL,
            trace_id=trace_id,
            span_id=ids[number],
            parent_span_id=parent,
            start_time_unix_nano=now - 2_000_000_000 + number * 100_000_000,
            end_time_unix_nano=now if number in (0, 3) else now - 1_930_000_000 + number * 100_000_000,
            attributes=pairs(attributes | ({"error.type": "TimeoutError"} if failed else {})),
            status=Status(code=Status.STATUS_CODE_ERROR, message="timed out") if failed else None,
        )


def _agent(name: str) -> tuple[str, dict[str, Any]]:
    return f"invoke_agent {name}", {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}


def _model(agent: str, chance: random.Random) -> tuple[str, dict[str, Any]]:
    return "chat gpt-5", {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": agent,
        "gen_ai.request.model": "gpt-5",
        "gen_ai.usage.input_tokens": chance.randrange(5000),
        "gen_ai.usage.output_tokens": chance.randrange(500),
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.input.messages": _message("user", _words(chance, 40)),
        "gen_ai.output.messages": _message("assistant", _words(chance, 25)),
    }


def _tool(agent: str, tool: int, chance: random.Random) -> tuple[str, dict[str, Any]]:
    found = {
        "id": f"A-{chance.randrange(10**6)}",
        "amount": chance.random(),
        "state": chance.choice(["paid", "open"]),
    }
    return f"execute_tool tool {tool}", {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.agent.name": agent,
        "gen_ai.tool.name": f"tool {tool}",
        "gen_ai.tool.call.id": f"call_{chance.random()}",
        "gen_ai.tool.call.arguments": json.dumps({"query": _words(chance, 10)}),
        "gen_ai.tool.call.result": json.dumps({"rows": [found], "note": _words(chance, 10)}),
    }


def _message(role: str, content: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": content}]}])


def _words(chance: random.Random, count: int) -> str:
    return " ".join(f"{chance.randrange(10**6):x}" for _ in range(count))
