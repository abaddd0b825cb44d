"""Calls as they are recorded and checked, through real loading and assembly."""

import json
import os
from collections.abc import Sequence
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly.assembler import Assembler
from analytics.contracts.book import Book
from analytics.contracts.recorder import ContractRecorder
from analytics.contracts.user import UserContract
from collector.store.store import Store
from tests.analytics.rows import NOW
from tests.builders import SECOND, span

ROWS = """
SELECT kind, agent, name, side, source, outcome, failed, agent_version,
    arrayMap(one -> (one.path, one.cause, one.expected, one.got_type, one.got), violations) AS violations
FROM contract_calls FINAL ORDER BY start, side
"""


def tool_call(
    number: int,
    result: Any = None,
    arguments: Any = None,
    *,
    tool: str = "look_up",
    agent: str = "buyer",
    trace_id: bytes | None = None,
    **more: Any,
) -> Span:
    """A call of a tool that took a second; each a second after the one before. Texts are as they are."""
    said = {"gen_ai.tool.call.arguments": arguments, "gen_ai.tool.call.result": result}
    texts = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in said.items()
        if value is not None
    }
    start_ns = int(NOW.timestamp()) * SECOND - (3_000 - number) * SECOND
    attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        "gen_ai.agent.name": agent,
    }
    return span(
        f"execute_tool {tool}",
        attributes | texts | more.pop("attributes", {}),
        trace_id=trace_id or os.urandom(16),
        start_ns=start_ns,
        **more,
    )


class Recorded:
    """A recorder that goes on where it was."""

    def __init__(self, store: Store, *user: UserContract) -> None:
        self.store = store
        self.book = Book(store, user)
        self.recorder = ContractRecorder(store, self.book)
        self._assembler = Assembler(store)

    def run(self) -> list[dict[str, Any]]:
        while self._assembler.run_once():
            pass
        self._assembler.keep_place(self._assembler.place)
        assert not self.recorder.record(self._assembler.version)
        self.book.keep(at_once=True)
        return list(self.store.query(ROWS))


def order(number: int, **more: Any) -> dict[str, Any]:
    """What a tool gives back of an order; no two are the same."""
    return {
        "id": f"A-{number}",
        "state": ("open", "paid", "sent")[number % 3],
        "amount": 10 + number % 90 + 0.25,
        "items": [{"sku": f"S-{number % 7}", "count": 1 + number % 4}],
        **more,
    }


def orders(count: int, **more: Any) -> Sequence[Span]:
    """So many calls without a fault."""
    return [tool_call(number, order(number), {"id": f"A-{number}"}, **more) for number in range(count)]
