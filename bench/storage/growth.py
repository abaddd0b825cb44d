"""A store that grows backwards: copies of the seed, each an hour and a half before the one before."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from bench.storage.seed import HOURS, SPANS
from collector.store.statement import statement
from collector.store.store import Store

# Older spans have no attributes: they take four fifths of the time, and no read of another span touches them.
WHOLE_SPANS = 3_000_000
# A copy is received on one day: sixteen are a day.
_COPIES_A_DAY = int(24 / HOURS)
_COPIED = ("contents", "spans", "trace_hours", "steps", "traces", "open_spans", "verified_segments")
BY_DAY = ("spans", "contents")
"""Tables that are partitioned by the day received."""
_QUIET_S = 3.0
_QUIET_S_MAX = 120.0


class Growth:
    """Grows a store that holds the seed.

    Parameters
    ----------
    newest
        When the seed ended: copies are earlier.
    """

    def __init__(self, store: Store, newest: datetime) -> None:
        self._store = store
        self._newest = newest
        self._copies = 1
        self._settled: set[str] = set()
        self._command("light_seed.sql", {})
        # else all that is older than a day is compressed once more as soon as merges are let go
        self._store.command("SYSTEM STOP TTL MERGES")
        for table in BY_DAY:
            # what was merged away goes at once: the bench shares a disk
            self._store.command(f"ALTER TABLE {table} MODIFY SETTING old_parts_lifetime = 1")

    @property
    def spans(self) -> int:
        """How many are stored, but for what was loaded beside the copies."""
        return self._copies * SPANS

    @property
    def days(self) -> list[str]:
        """Days received, the newest first."""
        return sorted({self._day(copy) for copy in range(self._copies)}, reverse=True)

    @property
    def whole_days(self) -> list[str]:
        """Of these, the days whose spans have all they had when they came."""
        whole = range(min(self._copies, WHOLE_SPANS // SPANS))
        return sorted({self._day(copy) for copy in whole}, reverse=True)

    def until(self, spans: float) -> None:
        """Copy until so many spans are stored. Nothing is merged meanwhile."""
        self._store.command("SYSTEM STOP MERGES")
        while self.spans < spans:
            whole = self.spans < WHOLE_SPANS
            self._copy(self._next(1 if whole else _COPIES_A_DAY // 2), "seed_spans" + "_light" * (not whole))
        self._store.command("SYSTEM START MERGES")

    def settle(self) -> None:
        """Merge whole days into a part each, lists too; of the rest what the engine wants merged."""
        for day in set(self.whole_days) - self._settled:
            for table in BY_DAY:
                self._store.command(f"OPTIMIZE TABLE {table} PARTITION {{day:Date}} FINAL", {"day": day})
            if len(self.days) > self.days.index(day) + 1:
                self._settled.add(day)
        for table in ("traces", "trace_hours", "open_spans"):
            self._store.command(f"OPTIMIZE TABLE {table} FINAL")
        self._wait_until_quiet()

    def _next(self, most: int) -> Sequence[int]:
        """Return the next copies of one day."""
        some = range(self._copies, self._copies + most)
        return [copy for copy in some if self._day(copy) == self._day(self._copies)]

    def _copy(self, copies: Sequence[int], seed: str) -> None:
        values = {"copies": copies, "copy_s": int(HOURS * 3600), "day": self._day(copies[0]), "seed": seed}
        for table in _COPIED:
            if table != "contents" or seed == "seed_spans":
                self._command(f"copy_{table}.sql", values)
        self._copies += len(copies)

    def _wait_until_quiet(self) -> None:
        deadline_s = time.monotonic() + _QUIET_S_MAX
        quiet_s = time.monotonic()
        while time.monotonic() - quiet_s < _QUIET_S and time.monotonic() < deadline_s:
            if self._store.query("SELECT 1 FROM system.merges LIMIT 1"):
                quiet_s = time.monotonic()
            time.sleep(0.2)

    def _day(self, copy: int) -> str:
        return (self._newest - timedelta(hours=copy * HOURS)).date().isoformat()

    def _command(self, name: str, values: dict[str, object]) -> None:
        self._store.command(statement(__package__, name), values)
