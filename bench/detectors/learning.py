"""What looks at open spans wait for while the hour turns: ``python -m bench.detectors.learning [WORKS]``.

The whole watch runs, and reads its baselines of seven days anew. Of each kind of work there are `BINS`
counts an hour; beside them lie the steps of `MINUTES` minutes of 10,000 spans a second.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread
from unittest.mock import patch

from analytics.baselines.baseline import HOUR, WINDOW, Baselines
from analytics.detectors import DETECTORS
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from analytics.watch import Watch
from bench.detectors.changed import CHANGED
from bench.detectors.open_work import open_spans
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store
from doldrums.core import GARBAGE_EVERY

WORKS = 10_000
BINS = 18
MINUTES = 4
OPEN = 10_000
QUIET_S = 30.0
_POLLED_EACH_S = 0.02


class Hours:
    """Turns the hour when asked to, and notes how long each refresh took."""

    def __init__(self) -> None:
        self.learned_s: list[float] = []
        self._refresh = Baselines.refresh
        self._ahead = timedelta(0)

    def refresh(self, baselines: Baselines, now: datetime, touched: Collection[datetime]) -> None:
        """Refresh as of the hour that it is now."""
        began_s = time.monotonic()
        self._refresh(baselines, now + self._ahead, touched)
        self.learned_s.append(time.monotonic() - began_s)

    def turn(self) -> float:
        """Turn the hour; return how long the refresh that follows took."""
        before = len(self.learned_s)
        self._ahead += HOUR
        # one may be at work, of the hour before
        _wait(lambda: len(self.learned_s) >= before + 2)
        return max(self.learned_s[before:])


def main() -> None:
    """Print the table."""
    gc.set_threshold(GARBAGE_EVERY, 10, 10)
    works = int(sys.argv[1]) if sys.argv[1:] else WORKS
    hours = Hours()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(Baselines, "refresh", autospec=True, side_effect=hours.refresh),
        patch("analytics.turn.SHARE_MAX", 1.0),
    ):
        store = open_store(f"chdb://{folder}/store")
        migrate(store)
        _fill(store, works, datetime.now(UTC))
        ledger = FindingLedger(open_state(f"sqlite:///{folder}/state.db"), [])
        watch = Watch(store, ledger, DETECTORS, lambda: datetime.now(UTC))
        _measure(watch, hours, works)
        watch.stop(timeout_s=60)
        store.close()


def _fill(store: Store, works: int, now: datetime) -> None:
    for back in range(WINDOW // HOUR):
        hour_s = int((now - HOUR * back).timestamp()) // 3600 * 3600
        parameters = {"hour_s": hour_s, "works": works, "bins": BINS}
        store.command(statement(__package__, "durations.sql"), parameters)
    for minute in range(MINUTES):
        end_us = int((now - timedelta(minutes=minute)).timestamp() * 1e6)
        parameters = {
            "seed": f"minute {minute}",
            "version": end_us - 60_000_000,
            "end_ns": end_us * 1_000,
            "span_ns": 60_000_000_000,
            "spans": CHANGED,
            "loops_of": 200,
        }
        store.command(statement(__package__, "changed_steps.sql"), parameters)
    store.insert("open_spans", open_spans(OPEN, now, waits_each=10))


def _measure(watch: Watch, hours: Hours, works: int) -> None:
    looks_s: list[float] = []
    Thread(target=_note_looks, args=(watch, looks_s), daemon=True).start()
    watch.start()
    _wait(lambda: len(looks_s) > 1)
    time.sleep(QUIET_S)
    turned = len(looks_s) - 1
    learned_s = hours.turn()
    looked = len(looks_s)
    _wait(lambda: len(looks_s) > looked)
    print("| kinds of work | refresh when the hour turns | longest gap between looks | before |")
    print("|---|---|---|---|")
    gap_s, before_s = _gap_s(looks_s[turned:]), _gap_s(looks_s[: turned + 1])
    print(f"| {works:,} | {learned_s:.1f} s | {gap_s:.1f} s | {before_s:.1f} s |")


def _note_looks(watch: Watch, looks_s: list[float]) -> None:
    last = None
    while True:
        look = watch.looks.last.get(DETECTORS[0].name)
        if look is not last:
            last = look
            looks_s.append(time.monotonic())
        time.sleep(_POLLED_EACH_S)


def _gap_s(looks_s: list[float]) -> float:
    return max(after - before for before, after in pairwise(looks_s))


def _wait(done: Callable[[], bool]) -> None:
    while not done():
        time.sleep(_POLLED_EACH_S)


if __name__ == "__main__":
    main()
