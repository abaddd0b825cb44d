"""What a look at changed traces costs: ``python -m bench.detectors.changed`` prints a table.

A minute of 10,000 spans a second is 75,000 traces of eight spans, all of them changed since the last
look; beside them lies nothing, or ten times as many that did not change.
"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.baselines.durations import Durations
from analytics.baselines.habit import Habit
from analytics.baselines.habits import Habits
from analytics.baselines.learned_limits import LearnedLimits
from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.detectors import DETECTORS
from analytics.detectors.detector import CHANGED_EVERY_S, Detector, Window
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store

CHANGED = 600_000
STORED_TIMES = (0, 10)
LOOPS_OF = 200
ROUNDS = 3


class Unlearned:
    """Knows of no habit and of no duration."""

    def habit(self, *_: Any) -> Habit | None:
        return None

    def limit_for(self, work: Work) -> Limit:
        return LearnedLimits(Durations()).limit_for(work)


def main() -> None:
    """Print the table."""
    print("| changed spans | others | detector | statement, s | its CPU, s | rows | judging, s | findings |")
    print("|---|---|---|---|---|---|---|---|")
    for times in STORED_TIMES:
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"chdb://{folder}/store")
            migrate(store)
            _measure(store, times)
            store.close()


def _measure(store: Store, times: int) -> None:
    now = datetime.now(UTC)
    now_us = int(now.timestamp() * 1e6)
    for number in range(times):
        _fill(store, f"old {number}", now_us - (times + 1 - number) * 60_000_000)
    changed_us = now_us - 60_000_000
    _fill(store, "new", changed_us)
    window = Window(now, changed_version=changed_us - 1)
    for detector in DETECTORS:
        if detector.every_s >= CHANGED_EVERY_S:
            print(_row(store, detector, window, times), flush=True)
    began_s, used_s = time.monotonic(), time.process_time()
    # the hour that is not over yet, so that there is something in it
    Habits(store).refresh(now + timedelta(hours=1, minutes=10))
    spent_s, cpu_s = time.monotonic() - began_s, time.process_time() - used_s
    print(f"{_size(times)} | habits of an hour | {spent_s:.2f} | {cpu_s:.2f} | | | |", flush=True)


def _fill(store: Store, seed: str, from_us: int) -> None:
    parameters = {
        "seed": seed,
        "version": from_us,
        "end_ns": (from_us + 60_000_000) * 1_000,
        "span_ns": 60_000_000_000,
        "spans": CHANGED,
        "loops_of": LOOPS_OF,
    }
    store.command(statement(__package__, "changed_steps.sql"), parameters)
    store.command(statement(__package__, "changed_traces.sql"), {"version": from_us})


def _row(store: Store, detector: Detector, window: Window, times: int) -> str:
    statements_s, cpus_s, judged_s = [], [], []
    for _ in range(ROUNDS):
        began_s, used_s = time.monotonic(), time.process_time()
        rows = store.query(detector.sql, detector.parameters(window))
        read_s = time.monotonic()
        cpus_s.append(time.process_time() - used_s)
        outcome = detector.detect(rows, window, Unlearned())
        statements_s.append(read_s - began_s)
        judged_s.append(time.monotonic() - read_s)
    statement_s, cpu_s, judging_s = (sorted(each)[ROUNDS // 2] for each in (statements_s, cpus_s, judged_s))
    costs = f"{statement_s:.2f} | {cpu_s:.2f} | {len(rows):,} | {judging_s:.2f}"
    return f"{_size(times)} | {detector.name} | {costs} | {len(outcome.findings):,} |"


def _size(times: int) -> str:
    return f"| {CHANGED:,} | {times * CHANGED:,}"


if __name__ == "__main__":
    main()
