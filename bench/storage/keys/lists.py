"""The list of traces under the product's key, by hour, and under one by trace."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from analytics.traces.reader import TraceFilters, TraceReader
from bench.storage.keys.candidates import command
from bench.storage.keys.copying import COPIES_A_DAY, COPY_S
from bench.storage.meter import HEAD, cost, yardstick_ms
from bench.storage.segments import PROJECT
from bench.storage.spans import AGENTS, RARE_AGENT
from collector.store.statement import statement
from collector.store.store import Store

READS = 5
PAGE = 51
_SQL = statement("analytics.traces", "list_traces.sql")


def compare(store: Store, folder: Path, newest: datetime, traces: float) -> None:
    """Fill `traces`, and the same by trace, and print what pages of them cost."""
    (seed,) = store.query("SELECT count() AS traces FROM seed_traces")
    for first in range(1, int(traces / seed["traces"]), COPIES_A_DAY):
        copies = list(range(first, first + COPIES_A_DAY))
        values = {"copies": copies, "copy_s": COPY_S}
        store.command(statement("bench.storage", "copy_traces.sql"), values)
    store.command("OPTIMIZE TABLE traces FINAL")
    command(store, "traces_by_trace.sql")
    command(store, "fill_traces_by_trace.sql")
    store.command("OPTIMIZE TABLE traces_by_trace FINAL")
    for table in ("traces_by_trace", "traces"):
        (size,) = store.query(statement(__package__, "table_size.sql"), {"table": table})
        print(
            f"\n### {table}: {size['rows']:,} traces in {size['parts']} parts, "
            f"{size['bytes'] / size['rows']:.1f} bytes each; yardstick {yardstick_ms(store):.0f} ms\n\n"
            f"| read | {HEAD} |\n|---|---|---|---|---|---|---|",
            flush=True,
        )
        for name, reads in _pages(store, table, newest).items():
            print(f"| {name} | {cost(store, folder, reads)} |", flush=True)


def _pages(store: Store, table: str, newest: datetime) -> dict[str, list[Callable[[], object]]]:
    chance = random.Random(0)
    agents = [chance.choice(AGENTS[:20]) for _ in range(READS)]
    ends = [newest - timedelta(days=chance.randrange(4)) for _ in range(READS)]
    read = _by_hour if table == "traces" else _by_trace

    def page(until: datetime, days: int = 366, **filters: str) -> Callable[[], object]:
        return lambda: read(store, until - timedelta(days=days), until, filters)

    return {
        "latest 50": [page(newest)] * READS,
        "latest 50 of an agent": [page(newest, agent=agent) for agent in agents],
        "latest 50 of an agent that has 1 of 1,000": [page(newest, agent=RARE_AGENT)] * READS,
        "of an agent that there is not": [page(newest, agent="nobody")] * 3,
        "failed, of a day": [page(end, 1, status="error") for end in ends],
    }


def _by_hour(store: Store, first: datetime, until: datetime, filters: dict[str, str]) -> object:
    return TraceReader(store, PROJECT).page(TraceFilters(first, until, **filters), None, PAGE - 1)


def _by_trace(store: Store, first: datetime, until: datetime, filters: dict[str, str]) -> object:
    texts = dict.fromkeys(("trace_id", "agent", "status", "environment", "text"), "")
    parameters = {
        **texts, **filters, "project": PROJECT, "rows_max": PAGE,
        "from_ns": int(first.timestamp() * 1e9), "until_ns": int(until.timestamp() * 1e9),
        "before_us": 2**63 // 1000, "before_id": "g",
    }  # fmt: skip
    return store.query(_SQL.replace("FROM traces FINAL", "FROM traces_by_trace FINAL"), parameters)
