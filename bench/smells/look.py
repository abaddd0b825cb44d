"""Fills a store with a week of steps, and lets one detector look at it: each in a process of its own."""

import threading
import time
from datetime import datetime
from pathlib import Path

import psutil

from analytics.baselines.durations import Durations
from analytics.baselines.learned_limits import LearnedLimits
from analytics.detectors.call_cycle import CallCycle
from analytics.detectors.detector import Detector, Window
from analytics.detectors.missing_timeout import MissingTimeout
from analytics.detectors.single_point_of_failure import SinglePointOfFailure
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import open_store

DETECTORS: tuple[Detector, ...] = (CallCycle(), MissingTimeout(), SinglePointOfFailure())
TRACES = 100_000
SPANS_EACH = 40
_SPANS_PER_INSERT = 500_000
_SAMPLE_S = 0.02


def fill(folder: str, now: datetime) -> None:
    """Write the steps."""
    store = open_store(_dsn(folder))
    migrate(store)
    values = {
        "spans_each": SPANS_EACH,
        "agents": [_agent_of(number) for number in range(SPANS_EACH)],
        "workflows": 5,
        "now_ns": int(now.timestamp() * 1e9),
        "traces": TRACES,
        "spans": _SPANS_PER_INSERT,
    }
    for first in range(0, TRACES * SPANS_EACH, _SPANS_PER_INSERT):
        store.command(statement("bench.smells", "steps.sql"), {**values, "first": first})
    store.close()


def look(folder: str, now: datetime, number: int) -> None:
    """Print the row of one detector."""
    detector, window = DETECTORS[number], Window(now)
    store = open_store(_dsn(folder))
    store.query("SELECT count() FROM steps WHERE agent = ''")
    meter = Memory()
    began_s, cpu_s = time.monotonic(), time.process_time()
    rows = store.query(detector.sql, detector.parameters(window))
    elapsed_s, cpu_s = time.monotonic() - began_s, time.process_time() - cpu_s
    peak = meter.stop()
    judging_s = time.process_time()
    detector.detect(rows, window, LearnedLimits(Durations()))
    judging_s = time.process_time() - judging_s
    store.close()
    took = f"{cpu_s:.1f} | {elapsed_s:.1f} | {peak / 1e6:.0f}"
    print(f"| `{detector.name}` | {took} | {len(rows)} | {judging_s:.3f} |", flush=True)


class Memory:
    """Watches how much this process grows."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._peak = self._process.memory_info().rss
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Return by how many bytes it had grown at most."""
        self._stopping.set()
        self._thread.join()
        return self._peak - self._before

    def _watch(self) -> None:
        while not self._stopping.wait(_SAMPLE_S):
            self._peak = max(self._peak, self._process.memory_info().rss)


def _agent_of(number: int) -> int:
    """Return the nearest span above, or itself, that is an agent: every fourth is one."""
    return number if number % 4 == 0 else _agent_of((number - 1) // 4)


def _dsn(folder: str) -> str:
    return f"chdb://{Path(folder) / 'store'}"
