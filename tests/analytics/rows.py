"""Rows of `steps` and `open_spans` as assembly writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from collector.store.store import Store

# Of this day, for the tables forget what is old; in the middle of an hour, for baselines count by hours.
NOW = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)
# Of steps that are assembled now: microseconds, as assembly writes it.
VERSION = int(NOW.timestamp()) * 1_000_000

_TIMES = ("start", "end", "first_seen", "observed", "last_progress")
_IDS = {"trace_id": 16, "span_id": 8, "parent_span_id": 8}
_OTHERS = {
    "duration_s": pa.float64(),
    "wait_timeout_s": pa.float64(),
    "version": pa.uint64(),
    "ended": pa.bool_(),
}
_OTHERS |= dict.fromkeys(("open_descendants", "heartbeats"), pa.uint32())

_WORK = {
    "project": "shop",
    "kind": "tool",
    "agent": "coder",
    "operation": "execute_tool",
    "tool": "await_tests",
    "model": "",
    "agent_version": "1",
}


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def step(number: int, *, ended_ago_s: float, duration_s: float, **fields: Any) -> dict[str, Any]:
    """Return a row of `steps`: the same `number` is the same span."""
    end = ago(ended_ago_s)
    known = {"version": VERSION, "state": "ended", "status": "ok", "error_type": "", **_ids(number), **_WORK}
    return (
        known | {"start": end - timedelta(seconds=duration_s), "end": end, "duration_s": duration_s} | fields
    )


def observation(number: int, *, age_s: float, seen_ago_s: float = 0, **fields: Any) -> dict[str, Any]:
    """Return a row of `open_spans` of a span that was seen from its start on and has not moved since."""
    known = {
        "first_seen": ago(age_s),
        "observed": ago(seen_ago_s),
        "ended": False,
        "start": ago(age_s),
        "last_progress": ago(age_s),
        "name": "execute_tool await_tests",
        "environment": "production",
        "service": "agents",
        "service_instance": "agents-1",
        "open_descendants": 0,
        "waiting_on": "",
        "wait_reason": "",
        "heartbeats": 1,
        "parent_span_id": bytes(8),
    }
    return known | _ids(number) | _WORK | fields


def insert(store: Store, table: str, rows: list[dict[str, Any]]) -> None:
    store.insert(table, pa.table({name: _column(name, [row[name] for row in rows]) for name in rows[0]}))


def _ids(number: int) -> dict[str, bytes]:
    return {"trace_id": number.to_bytes(16, "big"), "span_id": number.to_bytes(8, "big")}


def _column(name: str, values: list[Any]) -> pa.Array:
    if name in _TIMES:
        return pa.array(values, pa.timestamp("ns", "UTC"))
    if name in _IDS:
        return pa.array(values, pa.binary(_IDS[name]))
    return pa.array(values, _OTHERS.get(name, pa.string()))
