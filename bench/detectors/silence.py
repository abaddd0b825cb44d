"""What it costs to see what is silent, missing or late.

``python -m bench.detectors.silence`` fills a store with a minute of 10,000 spans a second, of which one trace
in twenty is unfinished, and with 200,000 open spans, one in five of them a wait with a deadline, and prints
how long each detector takes to look, and how much of a processor.
"""

import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from analytics.assembly.assembler import Assembler
from analytics.detectors.detector import Detector, Window
from analytics.detectors.missed_deadline import MissedDeadline
from analytics.detectors.orphan import Orphan
from analytics.detectors.silent_source import SilentSource
from analytics.detectors.silent_trace import SilentTrace
from analytics.inferred.reader import UnfinishedTraces
from bench.assembly.segment import add
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store
from tests.analytics.baselines.durations import limits

TRACES = 71_250
UNFINISHED = 3_750
SEGMENTS = 30
OPEN_SPANS = 200_000
LOOKS = 3

Answer = TypeVar("Answer")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"chdb://{folder}/store")
        try:
            migrate(store)
            _fill(store)
            print("| | s | processor, s | found |\n|---|---|---|---|")
            now = datetime.now(UTC) + timedelta(seconds=200)
            reader = UnfinishedTraces(store)
            for number in range(LOOKS):
                cost, traces = _measured(lambda: reader.read(now))
                print(
                    f"| reading {number + 1} of what is unfinished | {cost} | {len(traces):,} |", flush=True
                )
            window = Window(now, unfinished=traces)
            for detector in (SilentSource(), SilentTrace(), Orphan(), MissedDeadline()):
                for _ in range(LOOKS):
                    _look(store, detector, window)
        finally:
            store.close()


def _fill(store: Store) -> None:
    for number in range(SEGMENTS):
        each, few = TRACES // SEGMENTS, UNFINISHED // SEGMENTS
        first = 1_000_000 * (number + 1)
        values = {"first": first, "traces": each, "told": 8, "hours_ago": 0}
        add(store, "ordinary_traces.sql", each * 8, values)
        segment = uuid.uuid4().hex
        day = datetime.now(UTC).date().isoformat()
        told = {"segment": segment, "day": day, "first": first, "traces": few}
        store.command(statement(__package__, "unfinished_traces.sql"), told)
        recorded = {"segments": [segment], "rows": [few * 5], "signal": "traces", "day": day}
        store.command(statement("collector.loader", "record_segments.sql"), recorded)
    assembler = Assembler(store)
    while assembler.run_once():
        pass
    store.command(statement(__package__, "open_waits.sql"), {"spans": OPEN_SPANS})


def _look(store: Store, detector: Detector, window: Window) -> None:
    cost, outcome = _measured(
        lambda: detector.detect(store.query(detector.sql, detector.parameters(window)), window, limits())
    )
    print(f"| `{detector.name}` | {cost} | {len(outcome.findings):,} |", flush=True)


def _measured(work: Callable[[], Answer]) -> tuple[str, Answer]:
    started_s, processor_s = time.monotonic(), time.process_time()
    answer = work()
    return f"{time.monotonic() - started_s:.2f} | {time.process_time() - processor_s:.2f}", answer


if __name__ == "__main__":
    main()
