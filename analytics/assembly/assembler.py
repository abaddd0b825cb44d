"""Follows the loader: assembles the traces that newly verified segments touch.

Cost follows what arrives: a pass reads the traces that were touched and nothing else; large ones
are put aside and read now and then. What a pass writes is derived and idempotent, a newer version
replaces an older one, so an interrupted pass is simply done again.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import structlog

from analytics.assembly.assemble import Forest, assemble
from analytics.assembly.backlog import ROWS_MAX, Backlog
from analytics.assembly.large_traces import LargeTraces
from analytics.assembly.open_work import open_work
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Below, a pass costs what its statements cost anyway, 0.1 s (docs/performance.md, Assembly).
_LARGE_SPANS_MIN = 5_000
# A version is of the clock that says when segments were recorded, give or take this.
_VERSION_LAG_US = 10_000_000
# How long before a stop something may have been put aside and not had its turn.
_ASIDE_US_MAX = 6 * 3_600_000_000


class Assembler:
    """Keeps `steps`, `traces` and `open_spans` up with `spans`.

    Parameters
    ----------
    large_spans_min
        Spans from which on a trace is not read at every touch.
    """

    def __init__(self, store: Store, large_spans_min: int = _LARGE_SPANS_MIN) -> None:
        self._store = store
        (row,) = store.query(statement(__package__, "last_version.sql"))
        self._version = int(row["version"] or 0)
        self._backlog = Backlog(store)
        self._ended_hours: set[int] = set()
        self._large = LargeTraces(large_spans_min, ROWS_MAX)
        self._recover(large_spans_min)

    @property
    def waiting(self) -> Mapping[str, int]:
        """Large traces that are put aside: `LargeTraces.waiting`."""
        return self._large.waiting

    def run_once(self) -> int:
        """Assemble what is new, and large traces whose turn it is; return the number of new spans."""
        segments = self._backlog.oldest()
        if segments:
            self._follow(segments)
        if turn := self._large.turn():
            self._take(turn)
        return sum(row["rows"] for row in segments)

    def take_ends(self) -> set[datetime]:
        """Hours in which spans ended that were assembled since the last call."""
        hours, self._ended_hours = self._ended_hours, set()
        return {datetime.fromtimestamp(hour * 3600, UTC) for hour in hours}

    def keep_place(self) -> None:
        """Let the next process go on from here: the hours that were told so far are taken care of."""
        self._backlog.keep_place()

    def _follow(self, segments: list[dict[str, Any]]) -> None:
        touched = {
            "days": sorted({row["day"] for row in segments}),
            "segments": [row["segment"] for row in segments],
            "large": self._large.known,
        }
        version = max(self._version + 1, *(row["verified_us"] for row in segments))
        self._put_aside(touched)
        self._assemble({**touched, "turn": []}, version)
        self._version = version
        self._backlog.done(segments)

    def _put_aside(self, touched: dict[str, list[Any]]) -> None:
        if not touched["large"]:
            return
        aside = self._store.query(statement(__package__, "touched_large.sql"), touched)
        if aside:
            self._store.command(statement(__package__, "insert_ends.sql"), touched)
            self._large.put_aside({row["id"]: row["received_ns"] for row in aside})

    def _take(self, turn: list[str]) -> None:
        started = time.monotonic()
        try:
            self._assemble({"days": [], "segments": [], "large": [], "turn": turn}, self._version + 1)
            self._version += 1
            self._large.done(turn)
        finally:
            self._large.rest(time.monotonic() - started)

    def _recover(self, spans_min: int) -> None:
        """Let wait again what was put aside when the process stopped."""
        parameters = {
            "since_us": max(0, self._version - _ASIDE_US_MAX),
            "overlap_us": _VERSION_LAG_US,
            "spans_min": spans_min,
        }
        aside = self._store.query(statement(__package__, "left_aside.sql"), parameters)
        self._large.learn({row["id"]: row["spans"] for row in aside})
        self._large.put_aside({row["id"]: row["received_ns"] for row in aside})

    def _assemble(self, selected: dict[str, list[Any]], version: int) -> None:
        started = time.monotonic()
        reports = self._store.columns(statement(__package__, "read_reports.sql"), selected)
        if not len(reports):
            return
        forest = Forest(reports)
        steps = assemble(forest)
        ends = steps["end"].cast(pa.int64()).to_numpy()
        self._ended_hours.update(np.unique(ends[ends > 0] // 3_600_000_000_000).tolist())
        self._store.insert("steps", _with_version(steps.drop_columns(["received"]), version))
        self._store.command(statement(__package__, "insert_traces.sql"), {"version": version})
        observations = self._store.columns(statement(__package__, "observations.sql"), selected)
        if len(observations):
            self._store.insert("open_spans", open_work(steps, observations, forest.parents))
        self._large.learn(forest.sizes())
        log.debug("assembled", spans=len(reports), elapsed_s=time.monotonic() - started)


def _with_version(steps: pa.Table, version: int) -> pa.Table:
    return steps.append_column("version", pa.array(np.full(len(steps), version, np.uint64)))
