"""What reads and loading cost as data grows: `python -m bench.storage`, at 1, 10 and 50 million spans.

Loads and assembles 160,000 spans for real, then lets the store grow by copies of them: other ids, earlier
days, 2.6 million spans a day. Prints tables as it goes. 50 million spans take 15 GB.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.storage import pages
from bench.storage.growth import BY_DAY, Growth
from bench.storage.loading import load, load_empty
from bench.storage.meter import HEAD, yardstick_ms
from bench.storage.seed import sow
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="storage-bench-") as name:
        folder = Path(name)
        store = open_store(f"chdb://{folder}/store")
        try:
            migrate(store)
            newest = sow(store, folder)
            growth = Growth(store, newest)
            for spans in sorted(arguments.spans):
                _grow(store, growth, spans)
                _measure(store, folder, growth, newest)
        finally:
            store.close()


def _grow(store: Store, growth: Growth, spans: float) -> None:
    begun = time.monotonic()
    growth.until(spans)
    copied = time.monotonic()
    before = _sizes(store, growth)
    growth.settle()
    print(
        f"\n## {growth.spans:,} spans over {len(growth.days)} days: copied in {copied - begun:.0f} s, "
        f"merged in {time.monotonic() - copied:.0f} s; load {os.getloadavg()[0]:.1f}\n"
    )
    print("| table | rows | parts | bytes a span | before it was merged |\n|---|---|---|---|---|")
    for table, row in _sizes(store, growth).items():
        print(
            f"| {table} | {row['rows']:,} | {row['parts']} | {row['bytes_a_span']:.1f} "
            f"| {before[table]['bytes_a_span']:.1f} |",
            flush=True,
        )


def _sizes(store: Store, growth: Growth) -> dict[str, dict[str, Any]]:
    rows = store.query(statement(__package__, "sizes.sql"), {"days": growth.whole_days})
    sizes = {row["table"]: row for row in rows}
    for table, row in sizes.items():
        spans = sizes["spans" if table in BY_DAY else "steps"]["rows"]
        row["bytes_a_span"] = row["bytes"] / spans
    return sizes


def _measure(store: Store, folder: Path, growth: Growth, newest: object) -> None:
    print(f"\nYardstick {yardstick_ms(store):.0f} ms, load {os.getloadavg()[0]:.1f}\n\n| read | {HEAD} |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for name, cost in pages.costs(store, folder / "store", newest, len(growth.days)):
        print(f"| {name} | {cost} |", flush=True)
    print(f"\nYardstick {yardstick_ms(store):.0f} ms, load {os.getloadavg()[0]:.1f}")
    empty = [load_empty(folder)]
    ours = load(store, folder)
    empty.append(load_empty(folder))
    best = max(empty, key=lambda one: one.spans_per_s)
    print(
        f"Loading: {ours.spans_per_s:,.0f} spans/s, {ours.cpu_us:.1f} us CPU a span; into an empty store "
        f"{best.spans_per_s:,.0f}, {best.cpu_us:.1f}; ratio {ours.spans_per_s / best.spans_per_s:.2f}",
        flush=True,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.storage", description=__doc__)
    parser.add_argument("--spans", type=float, nargs="+", default=[1e6, 1e7, 5e7], help="sizes to measure at")
    parser.add_argument("--folder", default=None, help="where the store is made, default the system's")
    return parser.parse_args()


if __name__ == "__main__":
    main()
