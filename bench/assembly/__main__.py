"""What assembly costs: a trace that never ends, and a touch of many traces among all that is stored.

``python -m bench.assembly`` fills stores of its own and prints a row for each.
"""

import logging
import tempfile
import time
from collections.abc import Callable

import structlog

from analytics.assembly.assembler import Assembler
from analytics.watch import ASSEMBLE_EVERY_S
from bench.assembly import stored
from bench.assembly.segment import add
from collector.store.migrate import migrate
from collector.store.store import Store, open_store

SIZES = (1_000, 10_000, 100_000, 500_000)
SPANS_PER_S = 10
PERIOD_S = 60.0


def main() -> None:
    """Print the tables."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    print("| spans in the trace | passes | longest pass, s | share of the time | steps behind at most, s |")
    print("|---|---|---|---|---|")
    for spans in SIZES:
        _print(_row, spans)
    print(f"| spans stored | pass that touches {stored.TOUCHED} traces, median, s | longest, s |")
    print("|---|---|---|")
    for spans in stored.STORED:
        _print(stored.row, spans)


def _print(row: Callable[[Store, int], str], spans: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"chdb://{folder}/store")
        try:
            migrate(store)
            print(row(store, spans), flush=True)
        finally:
            store.close()


def _row(store: Store, spans: int) -> str:
    _add(store, 0, spans)
    assembler = Assembler(store)
    while assembler.run_once():
        pass
    passes_s, behind_s, known_s = [], 0.0, time.monotonic()
    began_s = time.monotonic()
    while (now_s := time.monotonic()) < began_s + PERIOD_S:
        new = int(SPANS_PER_S * ASSEMBLE_EVERY_S)
        _add(store, spans, new)
        spans += new
        passed_s = time.monotonic()
        assembler.run_once()
        passes_s.append(time.monotonic() - passed_s)
        if _assembled(store) == spans:
            known_s = passed_s
        behind_s = max(behind_s, time.monotonic() - known_s)
        time.sleep(max(0.0, now_s + ASSEMBLE_EVERY_S - time.monotonic()))
    share = sum(passes_s) / (time.monotonic() - began_s)
    return f"| {spans:,} | {len(passes_s)} | {max(passes_s):.2f} | {share:.0%} | {behind_s:.1f} |"


def _add(store: Store, first: int, spans: int) -> None:
    add(store, "large_trace.sql", spans, {"first": first, "spans": spans, "spans_total": first + spans})


def _assembled(store: Store) -> int:
    (row,) = store.query("SELECT argMax(spans, version) AS spans FROM traces")
    return int(row["spans"])


if __name__ == "__main__":
    main()
