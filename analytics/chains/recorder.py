"""Records the error chains of the traces that were assembled, so that they can be counted over many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, groupby
from typing import Any

import structlog

from analytics.chains.callers import Caller, callers
from analytics.chains.chains_in import chains_in
from analytics.chains.following import FailedTrace, followed
from analytics.chains.handling import Handling
from analytics.chains.payload_error import error_type
from analytics.chains.rows import table, trace_row
from analytics.chains.work_span import WorkSpan
from analytics.strides.strides import Strides
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Traces with errors read at once, projects in turns, and spans of each: those that failed first.
TRACES_MAX = 20_000
SPANS_MAX = 2_000
# Chains of a trace that are kept: those that failed first.
CHAINS_MAX = 50
# Spans of traces whose answers there was no time to read, in memory until the next look.
UNREAD_SPANS_MAX = 20_000
TEXT_MAX = 200
MESSAGE_MAX = 1_000

_WORK = tuple(field.name for field in fields(WorkSpan))
Row = Mapping[str, Any]


class ChainRecorder:
    """Writes `chains`; what is read and written once more replaces itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._strides = Strides(store, "chains")
        self._unread: dict[tuple[str, str], _Recorded] = {}

    def record(self, until: int) -> float:
        """Record what was assembled up to this version of `steps`; return how many seconds of it are left."""
        left_s = self._strides.go(until, self._stride)
        self._follow()
        self._strides.keep()
        return left_s

    def _stride(self, after: int, until: int) -> int:
        versions = {"after": after, "until": until}
        bounds = {"traces_max": TRACES_MAX, "spans_max": SPANS_MAX}
        lengths = {"text_max": TEXT_MAX, "message_max": MESSAGE_MAX}
        rows = self._store.query(statement(__package__, "failed_work.sql"), versions | bounds | lengths)
        traces = [(some[0], _failed(place, some)) for place, some in _by_trace(rows)]
        called_by = callers(self._store, (failed for _, failed in traces))
        recorded = [
            _Recorded(first, failed, called_by.get((failed.project, failed.trace_id)))
            for first, failed in traces
        ]
        self._write(recorded, {})
        self._unread |= {one.place: one for one in recorded}
        if len(traces) >= TRACES_MAX:
            log.warning("error_chains_not_recorded", reason="too many traces with errors at once")
        self._store.command(statement(__package__, "forget_mended.sql"), versions)
        return until

    def _follow(self) -> None:
        """Write what became of contained errors: once after all strides, for that is what takes the time."""
        became, unread = followed(self._store, [one.failed for one in self._unread.values()])
        read = {(project, trace_id) for project, trace_id, _ in became}
        self._write([one for place, one in self._unread.items() if place in read], became)
        spans = accumulate(len(failed.spans) for failed in unread)
        kept = [failed for failed, until in zip(unread, spans, strict=True) if until <= UNREAD_SPANS_MAX]
        places = [(failed.project, failed.trace_id) for failed in kept]
        self._unread = {place: self._unread[place] for place in places}

    def _write(
        self, recorded: Iterable["_Recorded"], became: Mapping[tuple[str, str, str], Handling]
    ) -> None:
        rows = [trace_row(one.first, one.failed, became, one.called_by) for one in recorded]
        if rows:
            self._store.insert("chains", table(rows))


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A trace that was recorded: what was read of its root, what failed in it, and who called it."""

    first: Row
    failed: FailedTrace
    called_by: Caller | None

    @property
    def place(self) -> tuple[str, str]:
        return self.failed.project, self.failed.trace_id


def _by_trace(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, str], list[Row]]]:
    for place, some in groupby(rows, key=lambda row: (row["project"], row["trace_id"])):
        yield place, list(some)


def _failed(place: tuple[str, str], rows: Sequence[Row]) -> FailedTrace:
    spans = [_work_span(row) for row in rows]
    return FailedTrace(*place, spans, chains_in(spans)[:CHAINS_MAX])


def _work_span(row: Row) -> WorkSpan:
    known = {name: row[name] for name in _WORK}
    return WorkSpan(**known | {"error_type": row["error_type"] or error_type(row["payload_error"])})
