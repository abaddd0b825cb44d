"""Findings as a detector makes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from analytics.findings.finding import Finding, Resolution
from analytics.findings.ledger import FindingLedger
from analytics.state.tables import deliveries

ENDED = Resolution("ended", "The span ended.")
NOW = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)


def at(look: float) -> datetime:
    """The time of the look of this number: they are two seconds apart."""
    return NOW + timedelta(seconds=2 * look)


def finding(fingerprint: str = "f1", **fields: Any) -> Finding:
    known: dict[str, Any] = {
        "project": "shop",
        "detector": "stuck_span",
        "fingerprint": fingerprint,
        "severity": "S2",
        "grade": "probable",
        "title": "coder has waited for await_tests for 40 s",
        "advice": "Look at the deepest open span.",
        "since": NOW - timedelta(seconds=40),
        "agents": ["coder"],
        "trace_ids": ["4bf92f3577b34da6a3ce929d0e0e4736"],
        "span_ids": ["00f067aa0ba902b7"],
        "evidence": {"age_s": 40.0, "limit_s": 12.5, "n": 100},
    }
    return Finding(**known | fields)


def opened(ledger: FindingLedger, *found: Finding, look: float = 0) -> tuple[str, ...]:
    """Let `found` open by two looks; return the ids."""
    ledger.reconcile(found[0].detector, found, at(look))
    return ledger.reconcile(found[0].detector, found, at(look + 1)).opened


def outbox(engine: Engine) -> list[tuple[str, str, str | None]]:
    """What was put into the outbox: event, webhook, finding id; in that order."""
    query = select(deliveries.c.event, deliveries.c.webhook, deliveries.c.finding_id)
    with engine.connect() as connection:
        return sorted((event, webhook, id_) for event, webhook, id_ in connection.execute(query))
