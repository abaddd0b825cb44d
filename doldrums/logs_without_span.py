"""How many log records wait for a span that does not come."""

import time
from typing import NamedTuple

from collector.store.statement import statement
from collector.store.store import Store

# It reads a day of ids: asked for by every page, it is counted this often and takes 1 % of the time at most.
_COUNT_EVERY_S = 60.0
_SHARE = 0.01


class _Counted(NamedTuple):
    records: int
    due_s: float


class LogsWithoutSpan:
    """Counts now and then, and remembers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: dict[str, _Counted] = {}

    def count(self, project: str | None = None) -> int:
        """Return the number of a project, or of all, as it was last counted."""
        name, started = project or "", time.monotonic()
        last = self._counted.get(name)
        if last is None or started >= last.due_s:
            (row,) = self._store.query(statement("analytics.api", "logs_without_span.sql"), {"project": name})
            elapsed_s = time.monotonic() - started
            due_s = started + max(_COUNT_EVERY_S, elapsed_s / _SHARE)
            last = self._counted[name] = _Counted(int(row["records"]), due_s)
        return last.records
