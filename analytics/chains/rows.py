"""Rows of `chains`: the error chains of a trace as they are written down. Pure."""

from collections.abc import Mapping, Sequence
from time import time_ns
from typing import Any

import pyarrow as pa

from analytics.chains.callers import Caller
from analytics.chains.chain import Chain
from analytics.chains.following import FailedTrace
from analytics.chains.handling import UNKNOWN, Handling
from analytics.chains.work_span import WorkSpan

# Spans of a chain that are kept, from where it began.
HOPS_MAX = 50

_ID = pa.binary(8)
_CHAIN = pa.struct(
    [
        ("fingerprint", pa.string()),
        ("error", pa.string()),
        ("failed", pa.timestamp("ns", "UTC")),
        ("kind", pa.string()),
        ("agent", pa.string()),
        ("label", pa.string()),
        ("error_type", pa.string()),
        ("error_text", pa.string()),
        ("error_message", pa.string()),
        ("agents", pa.list_(pa.string())),
        ("outcome", pa.string()),
        ("handling", pa.string()),
        ("consumer", _ID),
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
        ("recorded", pa.uint64()),
        ("environment", pa.string()),
        ("root", pa.string()),
        ("root_failed", pa.bool_()),
        ("caller_trace_id", pa.binary(16)),
        ("caller_span_id", _ID),
        ("session", pa.string()),
        ("user", pa.string()),
        ("chains", pa.list_(_CHAIN)),
    ]
)

Row = Mapping[str, Any]


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return rows as they are inserted."""
    return pa.Table.from_pylist(rows, schema=_TRACE)


def trace_row(
    first: Row, failed: FailedTrace, became: Mapping[tuple[str, str, str], Handling], caller: Caller | None
) -> dict[str, Any]:
    """Return the row of a trace.

    Parameters
    ----------
    first
        What was read of a root, where there is one.
    became
        What became of contained errors, by project, trace and origin.
    caller
        The span of another trace that the failed root links to.
    """
    place = failed.project, failed.trace_id
    caller_trace_id, caller_span_id = caller or ("0" * 32, "0" * 16)
    return {
        "project": failed.project,
        "trace_id": bytes.fromhex(failed.trace_id),
        "version": first["version"],
        "recorded": time_ns() // 1_000,
        "environment": first["environment"],
        "root": first["name"],
        "root_failed": failed.root_failed,
        "caller_trace_id": bytes.fromhex(caller_trace_id),
        "caller_span_id": bytes.fromhex(caller_span_id),
        "session": first["session"],
        "user": first["user"],
        "chains": [
            _chain(chain, became.get((*place, chain.origin.span_id), UNKNOWN)) for chain in failed.chains
        ],
    }


def _chain(chain: Chain, became: Handling) -> dict[str, Any]:
    first = chain.origin
    return {
        "fingerprint": chain.fingerprint,
        "error": chain.error,
        "failed": first.end_ns or first.start_ns,
        "kind": first.kind,
        "agent": first.agent,
        "label": first.label,
        "error_type": first.error_type,
        "error_text": first.error_text,
        "error_message": first.message,
        "agents": chain.agents,
        "outcome": chain.outcome,
        "handling": became.word,
        "consumer": bytes.fromhex(became.consumer) if became.consumer else bytes(8),
        "cancelled": first.cancelled,
        "transformed": chain.transformed,
        "hops": [_id(hop) for hop in chain.hops[:HOPS_MAX]],
        "stopped_at": _id(chain.stopped_at),
        "origins": len(chain.origins),
        "collateral": len(chain.collateral),
    }


def _id(span: WorkSpan | None) -> bytes:
    return bytes.fromhex(span.span_id) if span else bytes(8)
