"""The segments that are not assembled yet, in the order in which they were recorded."""

from datetime import datetime

import numpy as np

from collector.journal.segment_id import begun
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# New spans and logs of one pass: bounds how long it takes, about 1 s.
ROWS_MAX = 60_000
_SEGMENTS_MAX = 1_000


class Backlog:
    """Follows `verified_segments` by one number: everything recorded up to it is assembled.

    One number is enough because segments become visible in the order of `verified`, and no two
    have the same (`Holdings.record`). The place is kept in the store now and then; what was
    assembled after it is assembled again by the next process, which changes nothing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        (row,) = store.query(statement(__package__, "read_place.sql"))
        self._assembled_us = self._kept_us = int(row["verified_us"])

    def oldest(self) -> Rows:
        """Return the oldest segments that are not assembled, as many as fit one pass; one at least."""
        parameters = {"since_us": self._assembled_us, "segments_max": _SEGMENTS_MAX}
        found = self._store.query(statement(__package__, "newly_verified.sql"), parameters)
        rows = np.cumsum([row["rows"] for row in found])
        return found[: 1 + int(np.searchsorted(rows, ROWS_MAX))]

    def begun(self) -> datetime | None:
        """When the first of the oldest segments that are not assembled was begun; None where none waits."""
        parameters = {"since_us": self._assembled_us, "segments_max": _SEGMENTS_MAX}
        found = self._store.query(statement(__package__, "newly_verified.sql"), parameters)
        return min((begun(row["segment"]) for row in found), default=None)

    def done(self, segments: Rows) -> None:
        """Take note that the oldest segments are assembled."""
        self._assembled_us = segments[-1]["verified_us"]

    @property
    def place(self) -> int:
        """Microseconds since 1970: everything recorded up to then is assembled."""
        return self._assembled_us

    def keep_place(self, place: int) -> None:
        """Let the next process go on from a place."""
        if self._kept_us != place:
            self._store.command(statement(__package__, "keep_place.sql"), {"verified_us": place})
            self._kept_us = place
