"""How many log records wait for a span that does not come."""

import time

from collector.store.statement import statement
from collector.store.store import Store

# It reads a day of ids: asked for by every page, it is counted this often and takes 1 % of the time at most.
_COUNT_EVERY_S = 60.0
_SHARE = 0.01


class LogsWithoutSpan:
    """Counts now and then, and remembers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._due_s = 0.0
        self._records = 0

    def count(self) -> int:
        """Return the number as it was last counted."""
        started = time.monotonic()
        if started >= self._due_s:
            (row,) = self._store.query(statement("analytics.api", "logs_without_span.sql"))
            self._records = int(row["records"])
            elapsed_s = time.monotonic() - started
            self._due_s = started + max(_COUNT_EVERY_S, elapsed_s / _SHARE)
        return self._records
