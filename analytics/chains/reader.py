"""Reads error chains for people: which there were, how they flowed, and the traces of one."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.api import models
from analytics.chains.chain import FAILED_SHARE_MIN
from analytics.period import Period
from analytics.rfc3339 import rfc3339, unix_ns
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# How far back before what is asked for a chain is looked for, to say whether it is new.
KNOWN_S = 7 * 24 * 3600
CHAINS_MAX = 200
FLOWS_MAX = 200
TRACES_MAX = 20
HOPS_MAX = 50
MESSAGE_MAX = 1_000

Row = Mapping[str, Any]


class ChainReader:
    """Reads the error chains of one project."""

    def __init__(self, store: Store, project: str) -> None:
        self._store = store
        self._project = project

    def chains(self, period: Period, fingerprint: str = "") -> models.ErrorChains:
        """Return the chains that failed most traces first, and from whom to whom errors went."""
        rows = self._query("list_chains.sql", period, fingerprint, rows_max=CHAINS_MAX)
        flows = self._query("flows.sql", period, fingerprint, rows_max=FLOWS_MAX)
        return models.ErrorChains(
            items=[_chain(row) for row in rows],
            total=int(rows[0]["chains_total"]) if rows else 0,
            flows=[models.ErrorFlow(**row) for row in flows],
        )

    def chain(self, period: Period, fingerprint: str) -> models.ErrorChainDetail | None:
        """Return one of them with its newest traces, and the spans it went through in the first of these."""
        found = self.chains(period, fingerprint)
        if not found.items:
            return None
        traces = self._query("chain_traces.sql", period, fingerprint, rows_max=TRACES_MAX)
        return models.ErrorChainDetail(
            chain=found.items[0],
            flows=found.flows,
            traces=[_trace(row) for row in traces],
            hops=self._hops(traces[0]) if traces else [],
            across=[
                _across(row) for row in self._query("across.sql", period, fingerprint, rows_max=FLOWS_MAX)
            ],
            later=self._later(period, fingerprint),
        )

    def _later(self, period: Period, fingerprint: str) -> models.LaterInSession:
        (row,) = self._query("later_in_session.sql", period, fingerprint, rows_max=1)
        return models.LaterInSession(**row)

    def _hops(self, trace: Row) -> list[models.ErrorHop]:
        ids = [*trace["hops"], *([trace["stopped_at"]] if trace["stopped_at"] else [])]
        rows = self._store.query(
            statement(__package__, "chain_hops.sql"),
            {
                "project": self._project,
                "trace_id": trace["trace"],
                "span_ids": ids,
                "message_max": MESSAGE_MAX,
                "rows_max": HOPS_MAX,
            },
        )
        known = {row["span_id"]: row for row in rows}
        return [_hop(known[span_id]) for span_id in ids if span_id in known]

    def _query(self, name: str, period: Period, fingerprint: str, rows_max: int) -> Rows:
        known_us = unix_ns(period.start) // 1000 - KNOWN_S * 1_000_000
        parameters = {
            **period.parameters,
            "project": self._project,
            "fingerprint": fingerprint,
            "known_version": max(0, known_us),
            "rows_max": rows_max,
        }
        return self._store.query(statement(__package__, name), parameters)


def _chain(row: Row) -> models.ErrorChain:
    kind, agent, call, error_type, message = row["origin"]
    return models.ErrorChain(
        fingerprint=row["fingerprint"],
        kind=kind,
        agent=agent or None,
        call=call,
        error_type=error_type,
        error_message=message or None,
        path=row["agents"],
        root=row["newest_root"],
        expected=row["traces_failed"] <= FAILED_SHARE_MIN * row["traces_with_error"],
        first=rfc3339(row["first_ns"]),
        last=rfc3339(row["last_ns"]),
        known_since=rfc3339(row["known_ns"]),
        **{name: row[name] for name in _COUNTS},
    )


_COUNTS = ("traces", "failures", "contained", "retried", "sessions", "users", "collateral")


def _trace(row: Row) -> models.ErrorTrace:
    hops: Sequence[str] = row["hops"]
    return models.ErrorTrace(
        trace_id=row["trace"],
        span_id=hops[0],
        at=rfc3339(row["at_ns"]),
        root=row["root"],
        outcome=row["outcome"],
        session=row["session"] or None,
        user=row["user"] or None,
    )


def _across(row: Row) -> models.ErrorAcross:
    names = ("way", "fingerprint", "call", "error_type", "traces", "example")
    return models.ErrorAcross(agent=row["agent"] or None, **{name: row[name] for name in names})


def _hop(row: Row) -> models.ErrorHop:
    return models.ErrorHop(
        start=rfc3339(row["start_ns"]),
        end=rfc3339(row["end_ns"]) if row["end_ns"] else None,
        agent=row["agent"] or None,
        call=row["tool"] or (row["model"] if row["kind"] == "llm" else "") or row["name"] or row["kind"],
        error_type=row["error_type"] or None,
        error_message=row["message"] or None,
        **{name: row[name] for name in ("span_id", "name", "kind", "status")},
    )
