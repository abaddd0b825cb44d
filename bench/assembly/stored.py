"""What a pass costs that touches 300 ordinary traces, by how much else is stored."""

import statistics
import time

from analytics.assembly.assembler import Assembler
from bench.assembly.segment import add
from collector.store.store import Store

STORED = (250_000, 2_500_000)
TOUCHED = 300
PASSES = 9
_SPANS_EACH = 8
_HOUR_SPANS = 250_000


def row(store: Store, stored: int) -> str:
    """Fill the store, hour by hour, touch the newest traces again and again; return the table's row."""
    hours = stored // _HOUR_SPANS
    for hour in range(hours):
        _tell(store, hour, _HOUR_SPANS // _SPANS_EACH, hours - hour - 1, told=_SPANS_EACH)
    assembler = Assembler(store)
    while assembler.run_once():
        pass
    passes_s = [_touch(store, assembler, hours - 1) for _ in range(PASSES)]
    return f"| {stored:,} | {statistics.median(passes_s):.2f} | {max(passes_s):.2f} |"


def _touch(store: Store, assembler: Assembler, hour: int) -> float:
    _tell(store, hour, TOUCHED, 0, told=1)
    started_s = time.monotonic()
    assembler.run_once()
    return time.monotonic() - started_s


def _tell(store: Store, hour: int, traces: int, hours_ago: int, *, told: int) -> None:
    values = {"first": hour * _HOUR_SPANS, "traces": traces, "told": told, "hours_ago": hours_ago}
    add(store, "ordinary_traces.sql", traces * told, values)
