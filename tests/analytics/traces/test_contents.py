"""Everything of one span, long texts included, which are stored apart."""

import json
from typing import Any

from analytics.assembly.assembler import Assembler
from analytics.traces.contents import GONE
from analytics.traces.reader import TraceReader
from collector.store.store import Store
from tests.builders import span

HISTORY = [{"role": "user", "parts": [{"type": "text", "content": f"{n} " * 90}]} for n in range(8)]
SAID = {
    "gen_ai.operation.name": "chat",
    "gen_ai.input.messages": json.dumps(HISTORY),
    "gen_ai.output.messages": "short",
}


def test_a_span_reads_as_it_was_sent(store: Store, load: Any) -> None:
    chat = span("chat", SAID)
    load(chat, span("other", SAID | {"gen_ai.input.messages": json.dumps(HISTORY[3:])}))
    Assembler(store).run_once()

    detail = TraceReader(store, "default").span(chat.trace_id.hex(), chat.span_id.hex())

    assert detail
    assert detail.attributes == SAID
    assert (detail.input, detail.output) == (SAID["gen_ai.input.messages"], "short")


def test_a_piece_that_was_deleted_is_said_to_be_gone(store: Store, load: Any) -> None:
    chat = span("chat", SAID | {"gen_ai.input.messages": "a" * 2000})
    load(chat)
    Assembler(store).run_once()
    store.command("TRUNCATE TABLE contents")

    detail = TraceReader(store, "default").span(chat.trace_id.hex(), chat.span_id.hex())

    assert detail
    assert detail.input == GONE
