"""The list of traces under the product's key, by trace, and under one by hour."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bench.storage.keys.candidates import command
from bench.storage.keys.copying import COPIES_A_DAY, COPY_S
from bench.storage.meter import HEAD, cost, yardstick_ms
from bench.storage.segments import PROJECT
from bench.storage.spans import AGENTS, RARE_AGENT
from collector.store.statement import statement
from collector.store.store import Store

READS = 5
PAGE = 51
# A page is looked for in so many hours before its end, then in more.
WINDOWS_H = (1, 6, 24, 24 * 7, 24 * 366)
_SQL = statement("analytics.traces", "list_traces.sql")


def compare(store: Store, folder: Path, newest: datetime, traces: float) -> None:
    """Fill `traces`, and the same by hour, and print what pages of them cost."""
    (seed,) = store.query("SELECT count() AS traces FROM seed_traces")
    for first in range(1, int(traces / seed["traces"]), COPIES_A_DAY):
        copies = list(range(first, first + COPIES_A_DAY))
        values = {"copies": copies, "copy_s": COPY_S}
        store.command(statement("bench.storage", "copy_traces.sql"), values)
    store.command("OPTIMIZE TABLE traces FINAL")
    command(store, "traces_by_hour.sql")
    command(store, "fill_traces_by_hour.sql")
    store.command("OPTIMIZE TABLE traces_by_hour FINAL")
    for table in ("traces", "traces_by_hour"):
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
    windows = WINDOWS_H if table == "traces_by_hour" else WINDOWS_H[-1:]

    def page(until: datetime, hours: tuple[int, ...], **filters: str) -> Callable[[], object]:
        return lambda: _page(store, table, until, hours, filters)

    return {
        "latest 50": [page(newest, windows)] * READS,
        "latest 50 of an agent": [page(newest, windows, agent=agent) for agent in agents],
        "latest 50 of an agent that has 1 of 1,000": [page(newest, windows, agent=RARE_AGENT)] * READS,
        "of an agent that there is not": [page(newest, windows, agent="nobody")] * 3,
        "failed, of a day": [page(end, (24,), status="error") for end in ends],
    }


def _page(
    store: Store, table: str, until: datetime, windows_h: tuple[int, ...], filters: dict[str, str]
) -> None:
    texts = dict.fromkeys(("trace_id", "agent", "status", "environment", "text"), "")
    until_ns = int(until.timestamp() * 1e9)
    for hours in windows_h:
        parameters = {
            **texts, **filters, "project": PROJECT, "rows_max": PAGE,
            "until_ns": until_ns, "from_ns": until_ns - hours * 3600 * 10**9,
            "before_us": 2**63 // 1000, "before_id": "g",
        }  # fmt: skip
        sql = _SQL.replace("FROM traces FINAL", f"FROM {table} FINAL")
        if len(store.query(sql, parameters)) == PAGE:
            return
