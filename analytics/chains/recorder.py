"""Records the error chains of the traces that were assembled, so that they can be counted over many."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

import pyarrow as pa
import structlog

from analytics.chains.chains_in import chains_in
from analytics.chains.work_span import WorkSpan
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Of `steps`, read at once: versions are microseconds, about.
STRIDE_US = 60_000_000
# For so long traces are read, where there are many: detectors of changed traces wait for it.
RECORDING_S_MAX = 5.0
# Traces with errors read at once, projects in turns, and spans of each: those that failed first.
TRACES_MAX = 20_000
SPANS_MAX = 2_000
# Chains of a trace that are kept, those that failed first, and spans of each, from where it began.
CHAINS_MAX = 50
HOPS_MAX = 50
TEXT_MAX = 200
MESSAGE_MAX = 1_000

_WORK = tuple(field.name for field in fields(WorkSpan))
_ID = pa.binary(8)
_CHAIN = pa.struct(
    [
        ("fingerprint", pa.string()),
        ("failed", pa.timestamp("ns", "UTC")),
        ("kind", pa.string()),
        ("agent", pa.string()),
        ("label", pa.string()),
        ("error_type", pa.string()),
        ("error_text", pa.string()),
        ("error_message", pa.string()),
        ("agents", pa.list_(pa.string())),
        ("outcome", pa.string()),
        ("cancelled", pa.bool_()),
        ("transformed", pa.bool_()),
        ("hops", pa.list_(_ID)),
        ("stopped_at", _ID),
        ("origins", pa.uint32()),
        ("collateral", pa.uint32()),
    ]
)
_TRACE = pa.schema(
    [
        ("project", pa.string()),
        ("trace_id", pa.binary(16)),
        ("version", pa.uint64()),
        ("environment", pa.string()),
        ("root", pa.string()),
        ("root_failed", pa.bool_()),
        ("session", pa.string()),
        ("user", pa.string()),
        ("chains", pa.list_(_CHAIN)),
    ]
)

Row = Mapping[str, Any]


class ChainRecorder:
    """Writes `chains`; what is read and written once more replaces itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = self._read("read_place.sql")

    def record(self, until: int) -> bool:
        """Record what was assembled since, up to this version of `steps`; say whether that is all of it."""
        began_s = time.monotonic()
        before = self._version
        while self._version < until and time.monotonic() - began_s < RECORDING_S_MAX:
            first = self._read("next_version.sql", after=self._version)
            self._stride(self._version, min(until, max(self._version, first - 1) + STRIDE_US))
        if self._version > before:
            self._store.command(statement(__package__, "keep_place.sql"), {"version": self._version})
        return self._version >= until

    def _stride(self, after: int, until: int) -> None:
        versions = {"after": after, "until": until}
        bounds = {"traces_max": TRACES_MAX, "spans_max": SPANS_MAX}
        lengths = {"text_max": TEXT_MAX, "message_max": MESSAGE_MAX}
        rows = self._store.query(statement(__package__, "failed_work.sql"), versions | bounds | lengths)
        traces = [_trace(list(spans)) for _, spans in groupby(rows, key=_place)]
        if traces:
            self._store.insert("chains", pa.Table.from_pylist(traces, schema=_TRACE))
        if len(traces) >= TRACES_MAX:
            log.warning("error_chains_not_recorded", reason="too many traces with errors at once")
        self._store.command(statement(__package__, "forget_mended.sql"), versions)
        self._version = until

    def _read(self, name: str, **parameters: object) -> int:
        (row,) = self._store.query(statement(__package__, name), parameters)
        return int(row["version"])


def _place(row: Row) -> tuple[str, str]:
    return row["project"], row["trace_id"]


def _trace(rows: Sequence[Row]) -> dict[str, Any]:
    """Return a row of `chains`; the first of these is a root, where there is one."""
    first = rows[0]
    spans = [WorkSpan(**{name: row[name] for name in _WORK}) for row in rows]
    return {
        "project": first["project"],
        "trace_id": bytes.fromhex(first["trace_id"]),
        "version": first["version"],
        "environment": first["environment"],
        "root": first["name"],
        "root_failed": any(span.failed and not span.parent_span_id for span in spans),
        "session": first["session"],
        "user": first["user"],
        "chains": list(_chains(spans)),
    }


def _chains(spans: Sequence[WorkSpan]) -> Iterator[dict[str, Any]]:
    for chain in chains_in(spans)[:CHAINS_MAX]:
        first = chain.origin
        yield {
            "fingerprint": chain.fingerprint,
            "failed": first.end_ns or first.start_ns,
            "kind": first.kind,
            "agent": first.agent,
            "label": first.label,
            "error_type": first.error_type,
            "error_text": first.error_text,
            "error_message": first.message,
            "agents": chain.agents,
            "outcome": chain.outcome,
            "cancelled": first.cancelled,
            "transformed": chain.transformed,
            "hops": [_id(hop) for hop in chain.hops[:HOPS_MAX]],
            "stopped_at": _id(chain.stopped_at),
            "origins": len(chain.origins),
            "collateral": len(chain.collateral),
        }


def _id(span: WorkSpan | None) -> bytes:
    return bytes.fromhex(span.span_id) if span else bytes(8)
