"""`python -m bench.contracts.cost`: CPU that checking takes of 100,000 steps, a quarter of them tools' calls.

One process: the engine's threads are counted too. Assembly's clock decides what a stride is: on a slow
machine there are more of them, and more calls are checked, than where 5,000 steps arrive in a second.
"""

import argparse
import json
import os
import random
import tempfile
import time
from pathlib import Path

from analytics.assembly.assembler import Assembler
from analytics.contracts.book import Book
from analytics.contracts.recorder import ContractRecorder
from analytics.contracts.user import UserContract
from bench.contracts.tools import Tool
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.analytics.loading import loading_into
from tests.builders import SECOND, span

TOOLS = 40
SPANS_OF_TRACE = 16
LOADED_AT_ONCE = 4_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--user", action="store_true", help="a user's contract for each tool: every call")
    asked = parser.parse_args()
    user = [UserContract(schema={"type": ["object", "array", "string"]}, tool=f"t{n}") for n in range(TOOLS)]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"chdb://{folder}/store")
        migrate(store)
        fill(store, Path(folder), asked.steps)
        recorder = ContractRecorder(store, Book(store, user if asked.user else []))
        (row,) = store.query("SELECT max(version) AS newest, count() AS steps FROM steps")
        began_s, cpu_s = time.monotonic(), time.process_time()
        while recorder.record(int(row["newest"])):
            pass
        cpu_s = time.process_time() - cpu_s
        (calls,) = store.query("SELECT count() AS n, countIf(source != '') AS judged FROM contract_calls")
        print(f"{row['steps']:,} steps: CPU {cpu_s:.2f} s, {time.monotonic() - began_s:.2f} s by the clock")
        print(f"  sides of calls {calls['n']:,}, of which judged {calls['judged']:,}")
        store.close()


def fill(store: Store, folder: Path, steps: int) -> None:
    load, assembler, chance = loading_into(store, folder), Assembler(store), random.Random(1)
    tools = [Tool(number) for number in range(TOOLS)]
    for _ in range(0, steps, LOADED_AT_ONCE):
        spans = []
        for _ in range(LOADED_AT_ONCE // SPANS_OF_TRACE):
            trace_id, root = os.urandom(16), os.urandom(8)
            places = range(SPANS_OF_TRACE)
            spans.extend(one_span(tools, chance, trace_id, root, place) for place in places)
        load(*spans)
        while assembler.run_once():
            pass


def one_span(tools: list[Tool], chance: random.Random, trace_id: bytes, root: bytes, place: int) -> object:
    agent = f"agent {place % 5}"
    said: dict[str, object] = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent}
    if place % 4 == 1:
        number = chance.randrange(TOOLS)
        result = json.dumps(tools[number].result(chance))
        said |= {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": f"t{number}"}
        said |= {"gen_ai.tool.call.arguments": '{"q": "x"}', "gen_ai.tool.call.result": result}
    elif place:
        said |= {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"}
    start_ns = time.time_ns() - 60 * SECOND
    ids = {"span_id": root} if not place else {"parent": root}
    return span("work", said, trace_id=trace_id, start_ns=start_ns, **ids)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
