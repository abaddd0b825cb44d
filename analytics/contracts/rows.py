"""Rows of `contract_calls` and `contracts` as they are written down. Pure."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from analytics.contracts.boundary import Boundary
from analytics.contracts.violation import Violation
from analytics.fingerprint import fingerprint

Source = Literal["user", "tool", "learned", ""]
Result = Literal["passed", "broken", "usual", "deviates", "unknown"]

_VIOLATION = pa.struct([(name, pa.string()) for name in ("fingerprint", *Violation._fields)])
_CALLS = pa.schema(
    [
        ("project", pa.string()),
        ("trace_id", pa.binary(16)),
        ("span_id", pa.binary(8)),
        ("side", pa.string()),
        ("version", pa.uint64()),
        ("recorded", pa.uint64()),
        ("start", pa.timestamp("ns", "UTC")),
        ("end", pa.timestamp("ns", "UTC")),
        ("environment", pa.string()),
        ("boundary", pa.string()),
        ("kind", pa.string()),
        ("agent", pa.string()),
        ("name", pa.string()),
        ("agent_version", pa.string()),
        ("failed", pa.bool_()),
        ("source", pa.string()),
        ("outcome", pa.string()),
        ("violations", pa.list_(_VIOLATION)),
    ]
)
_CONTRACTS = pa.schema(
    [
        ("project", pa.string()),
        ("source", pa.string()),
        ("kind", pa.string()),
        ("agent", pa.string()),
        ("name", pa.string()),
        ("side", pa.string()),
        ("agent_version", pa.string()),
        ("boundary", pa.string()),
        ("version", pa.uint64()),
        ("calls", pa.uint64()),
        ("schema", pa.string()),
        ("problem", pa.string()),
        ("learned", pa.string()),
        ("drifts", pa.uint32()),
    ]
)


class Checked(NamedTuple):
    """One side of a call, held against its contract.

    Parameters
    ----------
    version
        Of the steps that it was found in.
    """

    boundary: Boundary
    trace_id: str
    span_id: str
    version: int
    environment: str
    start_ns: int
    end_ns: int
    failed: bool
    source: Source
    outcome: Result
    violations: Sequence[Violation] = ()

    def row(self, recorded: int) -> dict[str, Any]:
        """Return its row."""
        of = self.boundary
        return {
            "project": of.project,
            "trace_id": bytes.fromhex(self.trace_id),
            "span_id": bytes.fromhex(self.span_id),
            "side": of.side,
            "version": self.version,
            "recorded": recorded,
            "start": self.start_ns,
            "end": self.end_ns,
            "environment": self.environment,
            "boundary": of.id,
            "kind": of.kind,
            "agent": of.agent,
            "name": of.name,
            "agent_version": of.version,
            "failed": self.failed,
            "source": self.source,
            "outcome": self.outcome,
            "violations": [
                {"fingerprint": fingerprint(of.id, one.path, one.cause), **one._asdict()}
                for one in self.violations
            ],
        }


def calls_table(checked: Sequence[Checked], recorded: int) -> pa.Table:
    """Return calls as they are inserted."""
    return pa.Table.from_pylist([one.row(recorded) for one in checked], schema=_CALLS)


def contracts_table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return contracts as they are inserted."""
    return pa.Table.from_pylist(list(rows), schema=_CONTRACTS)


def contract_row(of: Boundary, source: Source, version: int, **more: Any) -> dict[str, Any]:
    """Return the row of a contract; what is not said of it is empty."""
    return {
        "project": of.project,
        "source": source,
        "kind": of.kind,
        "agent": of.agent,
        "name": of.name,
        "side": of.side,
        "agent_version": of.version,
        "boundary": of.id,
        "version": version,
        "calls": 0,
        "schema": "",
        "problem": "",
        "learned": "",
        "drifts": 0,
        **more,
    }
