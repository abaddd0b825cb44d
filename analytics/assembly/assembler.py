"""Follows the loader: assembles the traces that newly verified segments touch.

Cost follows what arrives: a pass reads the traces that were touched and nothing else; large ones
are put aside and read now and then, and no read takes more than fits memory. What a
pass writes is derived and idempotent, a newer version replaces an older one, so an interrupted pass is
simply done again.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import structlog

from analytics.assembly.assemble import Forest, assemble
from analytics.assembly.backlog import ROWS_MAX, Backlog
from analytics.assembly.large_traces import LargeTraces
from analytics.assembly.open_work import open_work
from analytics.assembly.selection import Selection
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Below, a pass costs what its statements cost anyway, 0.1 s (docs/performance.md, Assembly).
_LARGE_SPANS_MIN = 5_000
# A trace that is not known to be large is read with others below this: reads are of about one size.
_ALONE_MIN = 50_000
# Spans of one trace that are assembled, about 1 KB of memory each; the others are counted.
_SPANS_MAX = 500_000
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
    alone_min
        Spans from which on a trace is not read with others.
    spans_max
        Spans of a trace that are read; those that began last are left out.
    """

    def __init__(
        self,
        store: Store,
        large_spans_min: int = _LARGE_SPANS_MIN,
        alone_min: int = _ALONE_MIN,
        spans_max: int = _SPANS_MAX,
    ) -> None:
        self._store = store
        self._alone_min = alone_min
        self._spans_max = spans_max
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
        known = self._large.known
        new = Selection(
            days=sorted({row["day"] for row in segments}),
            segments=[row["segment"] for row in segments],
            large=known,
        )
        reads = self._query(
            "touched.sql", {**new.parameters, "alone_min": self._alone_min, "rows_max": ROWS_MAX}
        )
        huge = {row["first"]: row["rows"] for row in reads if row["alone"]}
        new = replace(new, large=[*known, *huge])
        self._put_aside(new, huge)
        self._version = max(self._version, segments[-1]["verified_us"])
        for row in reads:
            if not row["alone"]:
                self._assemble(replace(new, first=row["first"], last=row["last"]))
        self._backlog.done(segments)

    def _put_aside(self, new: Selection, huge: Mapping[str, int]) -> None:
        if huge:
            self._large.learn(huge)
            self._command("insert_unread.sql", {"turn": list(huge)})
        aside = self._query("touched_large.sql", new.parameters) if new.large else []
        if aside:
            self._command("insert_ends.sql", new.parameters)
            self._large.put_aside({row["id"]: row["received_ns"] for row in aside})

    def _take(self, turn: list[str]) -> None:
        started = time.monotonic()
        try:
            # they may have grown while they waited: fewer of them fit then
            sizes = {row["id"]: row["rows"] for row in self._query("trace_sizes.sql", {"turn": turn})}
            self._large.learn(sizes)
            turn = self._large.turn()
            new_ns = min(self._large.waiting[trace_id] for trace_id in turn)
            self._assemble(self._bounded(turn, sum(sizes[trace_id] for trace_id in turn)), new_ns)
            self._large.done(turn)
        finally:
            self._large.rest(time.monotonic() - started)

    def _bounded(self, turn: list[str], rows: int) -> Selection:
        """Only a trace that has a turn of its own can be too large."""
        selection = Selection(turn=turn)
        if len(turn) > 1 or rows <= self._spans_max:
            return selection
        others = {"trace_id": turn[0], "others_max": self._spans_max - 1}
        for bound in self._query("first_spans.sql", others):
            log.warning("trace_too_large", trace_id=turn[0], **bound, safe="all of its spans are stored")
            selection = replace(selection, **bound)
        return selection

    def _recover(self, spans_min: int) -> None:
        """Let wait again what was put aside when the process stopped."""
        parameters = {
            "since_us": max(0, self._version - _ASIDE_US_MAX),
            "overlap_us": _VERSION_LAG_US,
            "spans_min": spans_min,
        }
        aside = self._query("left_aside.sql", parameters)
        self._large.learn({row["id"]: row["spans"] for row in aside})
        self._large.put_aside({row["id"]: row["received_ns"] for row in aside})

    def _assemble(self, selection: Selection, new_ns: int = 0) -> None:
        started = time.monotonic()
        selected = selection.parameters
        reports = self._store.columns(statement(__package__, "read_reports.sql"), selected)
        if not len(reports):
            return
        forest = Forest(reports)
        steps = assemble(forest)
        self._note_ends(steps, new_ns)
        self._version += 1
        self._store.insert("steps", _with_version(steps.drop_columns(["received"]), self._version))
        self._command("insert_traces.sql", {"version": self._version, "left_out": selection.left_out})
        observations = self._store.columns(statement(__package__, "observations.sql"), selected)
        if len(observations):
            self._store.insert("open_spans", open_work(steps, observations, forest.parents))
        self._large.learn(forest.sizes())
        log.debug("assembled", spans=len(reports), elapsed_s=time.monotonic() - started)

    def _note_ends(self, steps: pa.Table, new_ns: int) -> None:
        """Of what was received before `new_ns` the hours were told, when it was assembled first."""
        received, ends = (steps[name].cast(pa.int64()).to_numpy() for name in ("received", "end"))
        hours = ends[(ends > 0) & (received >= new_ns)] // 3_600_000_000_000
        self._ended_hours.update(np.unique(hours).tolist())

    def _query(self, name: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        return self._store.query(statement(__package__, name), parameters)

    def _command(self, name: str, parameters: Mapping[str, object]) -> None:
        self._store.command(statement(__package__, name), parameters)


def _with_version(steps: pa.Table, version: int) -> pa.Table:
    return steps.append_column("version", pa.array(np.full(len(steps), version, np.uint64)))
