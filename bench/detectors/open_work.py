"""What one look at the open spans costs, by their number: every trace waits, or one in ten.

python -m bench.detectors.open_work [SPANS...]
"""

import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import cast

import numpy as np
import pyarrow as pa

from analytics.baselines.baseline import Baselines
from analytics.detectors import DETECTORS
from analytics.detectors.detector import OPEN_EVERY_S
from analytics.findings.finding import Finding
from analytics.findings.ledger import FindingLedger
from analytics.looks import Assembled, Looks
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from doldrums.core import GARBAGE_EVERY

# A trace: a workflow, two agents in it, and what each of them does.
_KINDS = ("workflow", "agent", "tool", "agent", "llm")
_PARENTS = (0, 1, 2, 1, 4)
_WAITING = "wait"
# One trace in so many has a ring of its two agents.
_RINGS_EACH = 1_000
# The engine compiles a statement's expressions when it has run three times: the slowest look tells of that.
LOOKS, WARM = 9, 4


def open_spans(count: int, now: datetime, waits_each: int) -> pa.Table:
    """Return rows of `open_spans`: traces of five spans, of which one in `waits_each` waits."""
    traces = count // len(_KINDS)
    trace = np.repeat(np.arange(traces), len(_KINDS))
    place = np.tile(np.arange(len(_KINDS)), traces)
    waits = (trace % waits_each == 0) & (place == 2)
    ring = (trace % _RINGS_EACH == 0) & ((place == 2) | (place == 4))
    waits |= ring
    first = place < 3
    agents = np.where(
        place == 0, "", np.char.add(np.where(first, "planner ", "coder "), (trace % 50).astype(str))
    )
    others = np.char.add(np.where(first, "coder ", "planner "), (trace % 50).astype(str))
    kinds = np.where(waits, _WAITING, np.array(_KINDS)[place])
    ages_s = 20 + (trace % 300)
    start = np.array([int((now - timedelta(seconds=int(age))).timestamp() * 1e9) for age in ages_s])
    columns: dict[str, pa.Array] = {
        "project": _texts(np.char.add("project ", (trace % 3).astype(str))),
        "trace_id": _ids(trace + 1, 16),
        "span_id": _ids(trace * 10 + place + 1, 8),
        "parent_span_id": _ids(np.where(place, trace * 10 + np.array(_PARENTS)[place], 0), 8),
        "first_seen": _times(start),
        "observed": _times(np.full(len(trace), int(now.timestamp() * 1e9))),
        "start": _times(start),
        "last_progress": _times(start),
        "ended": pa.array(np.zeros(len(trace), np.bool_)),
        "environment": _texts(np.full(len(trace), "production")),
        "service": _texts(np.full(len(trace), "agents")),
        "service_instance": _texts(np.char.add("agents-", (trace % 20).astype(str))),
        "name": _texts(kinds),
        "kind": _texts(kinds),
        "agent": _texts(agents),
        "tool": _texts(np.where(kinds == "tool", "run_tests", "")),
        "waiting_on": _texts(np.where(waits, others, "")),
        "wait_reason": _texts(np.where(waits, "agent", "")),
        "open_descendants": pa.array(np.array([4, 1, 0, 1, 0], np.uint32)[place]),
        "heartbeats": pa.array(np.maximum(2, ages_s // 3).astype(np.uint32)),
    }
    return pa.table(columns)


def _texts(values: np.ndarray) -> pa.Array:
    return pa.array(values.tolist(), pa.string())


def _times(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.timestamp("ns", "UTC"))


def _ids(values: np.ndarray, width: int) -> pa.Array:
    return pa.array([int(value).to_bytes(width, "big") for value in values], pa.binary(width))


class Unkept:
    """A ledger that counts what is found, and keeps nothing."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}

    def open(self, _detector: str) -> list[Finding]:
        return []

    def reconcile(self, detector: str, findings: Sequence[Finding], *_: object) -> None:
        self.found[detector] = len(findings)


def measure(store: Store, now: datetime) -> None:
    """Print what looks at what is open cost: the medians of the last, and the slowest of all."""
    ledger = Unkept()
    looks = Looks(store, cast("FindingLedger", ledger), DETECTORS, Baselines(store), 0, time.monotonic)
    taken = [_turn(looks, now) for _ in range(LOOKS)]
    for place, name in enumerate(looks.last):
        print(
            f"| {name} | {median(turn[place + 2] for turn in taken[WARM:]):.2f} | | | {ledger.found[name]} |"
        )
    clock_s, cpu_s = ([turn[place] for turn in taken] for place in (0, 1))
    print(
        f"| all | {median(clock_s[WARM:]):.2f} | {median(cpu_s[WARM:]):.2f} | {max(clock_s):.2f} | |",
        flush=True,
    )


def _turn(looks: Looks, now: datetime) -> list[float]:
    """Return seconds: of the clock and of CPU for all detectors, and of each by itself."""
    time.sleep(OPEN_EVERY_S)
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    looks.take_turns(Assembled(now, 0), every_s_max=OPEN_EVERY_S, reads_ahead=True)
    taken = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    return [*taken, *(look.elapsed_s for look in looks.last.values())]


def main() -> None:
    gc.set_threshold(GARBAGE_EVERY, 10, 10)
    counts = [int(count) for count in sys.argv[1:]] or [5_000, 20_000, 200_000]
    for count in counts:
        for waits_each in (10, 1):
            with tempfile.TemporaryDirectory() as folder:
                store = open_store(f"chdb://{folder}")
                migrate(store)
                now = datetime.now(UTC)
                store.insert("open_spans", open_spans(count, now, waits_each))
                print(f"\n{count:,} open spans, one trace in {waits_each} waits")
                print("| detector | s | CPU s | slowest s | findings |")
                print("|---|---|---|---|---|")
                measure(store, now)
                store.close()


if __name__ == "__main__":
    main()
