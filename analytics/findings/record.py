"""A finding as a row of the database and as the API shows it. Pure; no I/O."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analytics.api import models
from analytics.findings.finding import Finding, Resolution
from analytics.rfc3339 import rfc3339
from analytics.state.text import storable, storable_json

Record = dict[str, Any]


def content(finding: Finding) -> Record:
    """Return the columns that every look refreshes, fit to be stored."""
    return {
        "severity": finding.severity,
        "grade": finding.grade,
        "title": storable(finding.title),
        "advice": storable(finding.advice),
        "agents": storable_json(finding.agents),
        "trace_ids": storable_json(finding.trace_ids),
        "span_ids": storable_json(finding.span_ids),
        "evidence": storable_json(finding.evidence),
        "since": finding.since,
    }


def opening(finding: Finding, first_seen: datetime, now: datetime) -> Record:
    """Return the row of a finding that opens."""
    return {
        "id": uuid.uuid4().hex,
        "project": storable(finding.project),
        "detector": finding.detector,
        "fingerprint": storable(finding.fingerprint),
        "state": "open",
        "first_seen": min(first_seen, now),
        "last_seen": now,
        "resolved_at": None,
        "resolution": None,
        "resolution_word": None,
        "missed_looks": 0,
        **content(finding),
    }


def seen_again(record: Record, finding: Finding, now: datetime) -> Record:
    """Return an open finding's row after it was seen once more."""
    return {
        **record,
        **content(finding),
        # The clock may have been set back.
        "last_seen": max(record["last_seen"], now),
        "missed_looks": 0,
    }


def absent(record: Record) -> Record:
    """Return an open finding's row after a look that did not see it."""
    return {**record, "missed_looks": record["missed_looks"] + 1}


def over(record: Record, resolution: Resolution, now: datetime) -> Record:
    """Return an open finding's row once it is resolved."""
    return {
        **record,
        "state": "resolved",
        "resolved_at": max(record["last_seen"], now),
        "resolution": storable(resolution.sentence),
        "resolution_word": resolution.word,
    }


def subjects(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows to look the finding up by."""
    return [
        {"finding_id": record["id"], "kind": kind, "value": value}
        for kind, column in (("agent", "agents"), ("trace", "trace_ids"))
        for value in dict.fromkeys(record[column])
    ]


def shown(record: Mapping[str, Any]) -> models.Finding:
    """Return the finding as the API shows it."""
    return models.Finding(
        id=record["id"],
        project=record["project"],
        detector=record["detector"],
        severity=record["severity"],
        grade=record["grade"],
        state=record["state"],
        fingerprint=record["fingerprint"],
        title=record["title"],
        advice=record["advice"],
        agents=record["agents"],
        trace_ids=record["trace_ids"],
        span_ids=record["span_ids"],
        since=rfc3339(record["since"]),
        first_seen=rfc3339(record["first_seen"]),
        last_seen=rfc3339(record["last_seen"]),
        resolved_at=rfc3339(record["resolved_at"]) if record["resolved_at"] else None,
        resolution=record["resolution"],
        resolution_word=record["resolution_word"],
        evidence=record["evidence"],
    )
