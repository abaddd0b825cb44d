"""Follows the loader: assembles the traces that newly verified segments touch.

Cost follows what arrives: a pass reads the traces that were touched and nothing else. What it
writes is derived and idempotent, a newer version replaces an older one, so an interrupted pass is
simply done again.
"""

import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import structlog

from analytics.assembly.assemble import Forest, assemble
from analytics.assembly.open_work import open_work
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Spans of one pass: bounds its memory (about 1 KB a span) and its time (about 1 s).
_ROWS_MAX = 200_000
_SEGMENTS_MAX = 1_000
# Two loaders write: one may record a segment a little after the other's later one.
_OVERLAP_US = 10_000_000


class Assembler:
    """Keeps `steps`, `traces` and `open_spans` up with `spans`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        (row,) = store.query(statement(__package__, "last_version.sql"))
        self._version = int(row["version"] or 0)
        self._done: OrderedDict[str, None] = OrderedDict()
        self._ended_hours: set[int] = set()

    def run_once(self) -> int:
        """Assemble what is new and return the number of spans that were looked at."""
        segments = self._next_segments()
        if not segments:
            return 0
        started = time.monotonic()
        version = max(self._version + 1, *(row["verified_us"] for row in segments))
        looked_at = self._assemble(segments, version)
        self._version = version
        self._done |= dict.fromkeys(row["segment"] for row in segments)
        while len(self._done) > 2 * _SEGMENTS_MAX:
            self._done.popitem(last=False)
        log.debug("assembled", segments=len(segments), spans=looked_at, elapsed_s=time.monotonic() - started)
        return looked_at

    def take_ends(self) -> set[datetime]:
        """Hours in which spans ended that were assembled since the last call."""
        hours, self._ended_hours = self._ended_hours, set()
        return {datetime.fromtimestamp(hour * 3600, UTC) for hour in hours}

    def _next_segments(self) -> list[dict[str, Any]]:
        """The oldest segments that were not assembled yet, as many as fit one pass."""
        since_us = max(0, self._version - _OVERLAP_US)
        parameters = {"since_us": since_us, "segments_max": _SEGMENTS_MAX + len(self._done)}
        found = self._store.query(statement(__package__, "newly_verified.sql"), parameters)
        new = [row for row in found if row["segment"] not in self._done]
        rows = np.cumsum([row["rows"] for row in new])
        return new[: 1 + int(np.searchsorted(rows, _ROWS_MAX))]

    def _assemble(self, segments: list[dict[str, Any]], version: int) -> int:
        touched = {
            "days": sorted({row["day"] for row in segments}),
            "segments": [row["segment"] for row in segments],
        }
        reports = self._store.columns(statement(__package__, "read_reports.sql"), touched)
        if not len(reports):
            return 0
        steps = assemble(reports)
        ends = steps["end"].cast(pa.int64()).to_numpy()
        self._ended_hours.update(np.unique(ends[ends > 0] // 3_600_000_000_000).tolist())
        self._store.insert("steps", _with_version(steps.drop_columns(["received"]), version))
        self._store.command(statement(__package__, "insert_traces.sql"), {"version": version})
        observations = self._store.columns(statement(__package__, "observations.sql"), touched)
        if len(observations):
            self._store.insert("open_spans", open_work(steps, observations, Forest(reports).parents))
        return len(reports)


def _with_version(steps: pa.Table, version: int) -> pa.Table:
    return steps.append_column("version", pa.array(np.full(len(steps), version, np.uint64)))
