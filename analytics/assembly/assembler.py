"""Follows the loader: assembles the traces that newly verified segments touch.

Cost follows what arrives: a pass reads the traces that were touched and nothing else; large ones
are put aside and read now and then, and no read takes more than fits memory. What is
written is derived and idempotent, a newer version replaces an older one, so an interrupted pass is
simply done again.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from analytics.assembly.backlog import ROWS_MAX, Backlog
from analytics.assembly.large_traces import LargeTraces
from analytics.assembly.selection import Selection, selecting
from analytics.assembly.writer import Writer
from collector.store.rows import Rows
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
    """Keeps `steps`, `traces` and `open_spans` up with `spans` and `span_logs`.

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
        self._writer = Writer(store)
        self._backlog = Backlog(store)
        self._large = LargeTraces(large_spans_min, ROWS_MAX)
        self._recover(large_spans_min)

    @property
    def waiting(self) -> Mapping[str, int]:
        """Large traces that are put aside: `LargeTraces.waiting`."""
        return self._large.waiting

    @property
    def version(self) -> int:
        """Version of the `steps` that were written last."""
        return self._writer.version

    @property
    def last_open(self) -> datetime:
        """When anything was reported open for the last time, or later."""
        return self._writer.last_open

    def reached(self) -> datetime | None:
        """Return the time before which everything received and stored is assembled; None where all is."""
        return self._backlog.begun()

    def run_once(self) -> int:
        """Assemble what is new, and large traces whose turn it is; return how many spans and logs are new."""
        segments = self._backlog.oldest()
        if segments:
            self._follow(segments)
        if turn := self._large.turn():
            self._take(turn)
        return sum(row["rows"] for row in segments)

    def take_ends(self) -> set[datetime]:
        """Hours in which spans ended that were assembled since the last call."""
        return self._writer.take_ends()

    @property
    def place(self) -> int:
        """Up to which recorded segment everything is assembled, and `take_ends` told its hours or will."""
        return self._backlog.place

    def keep_place(self, place: int) -> None:
        """Let the next process go on from a place: the hours told up to it are taken care of.

        May be called by another thread than the one that assembles.
        """
        self._backlog.keep_place(place)

    def _follow(self, segments: Rows) -> None:
        days, ids = sorted({row["day"] for row in segments}), [row["segment"] for row in segments]
        new = Selection(days=days, segments=ids, large=self._large.known)
        self._command("note_hours.sql", new.parameters)
        reads = self._select("touched.sql", new, alone_min=self._alone_min, rows_max=ROWS_MAX)
        huge = {row["first"]: row["rows"] for row in reads if row["alone"]}
        new = replace(new, large=[*new.large, *huge])
        self._put_aside(new, huge)
        self._writer.version = max(self._writer.version, segments[-1]["verified_us"])
        for row in reads:
            if not row["alone"]:
                sizes = self._writer.write(replace(new, first=row["first"], last=row["last"]))
                self._large.learn(sizes)
        self._backlog.done(segments)

    def _put_aside(self, new: Selection, huge: Mapping[str, int]) -> None:
        if huge:
            self._large.learn(huge)
            self._store.command(selecting("insert_unread.sql"), Selection(turn=list(huge)).parameters)
        aside = self._query("touched_large.sql", new.parameters) if new.large else []
        if aside:
            self._command("insert_ends.sql", new.parameters)
            self._large.put_aside({row["id"]: row["received_ns"] for row in aside})

    def _take(self, turn: list[str]) -> None:
        started = time.monotonic()
        try:
            # they may have grown while they waited: fewer of them fit then
            sizes = {row["id"]: row["rows"] for row in self._select("trace_sizes.sql", Selection(turn=turn))}
            self._large.learn(sizes)
            turn = self._large.turn()
            new_ns = min(self._large.waiting[trace_id] for trace_id in turn)
            rows = sum(sizes.get(trace_id, 0) for trace_id in turn)
            self._writer.write(self._bounded(turn, rows), new_ns)
            self._large.done(turn)
        except Exception:
            self._large.failed(turn)
            raise
        finally:
            self._large.rest(time.monotonic() - started)

    def _bounded(self, turn: list[str], rows: int) -> Selection:
        """Only a trace that has a turn of its own can be too large."""
        selection = Selection(turn=turn)
        if len(turn) > 1 or rows <= self._spans_max:
            return selection
        for bound in self._select("first_spans.sql", selection, others_max=self._spans_max - 1):
            log.warning(
                "trace_too_large",
                trace_id=turn[0][:32],
                project=turn[0][32:],
                **bound,
                safe="all of its spans are stored",
            )
            selection = replace(selection, **bound)
        return selection

    def _recover(self, spans_min: int) -> None:
        """Let wait again what was put aside when the process stopped."""
        parameters = {
            "since_us": max(0, self._writer.version - _ASIDE_US_MAX),
            "overlap_us": _VERSION_LAG_US,
            "spans_min": spans_min,
        }
        aside = self._query("left_aside.sql", parameters)
        self._large.learn({row["id"]: row["spans"] for row in aside})
        self._large.put_aside({row["id"]: row["received_ns"] for row in aside})

    def _select(self, name: str, selection: Selection, **bounds: int) -> Rows:
        return self._store.query(selecting(name), {**selection.parameters, **bounds})

    def _query(self, name: str, parameters: Mapping[str, object]) -> Rows:
        return self._store.query(statement(__package__, name), parameters)

    def _command(self, name: str, parameters: Mapping[str, object]) -> None:
        self._store.command(statement(__package__, name), parameters)
