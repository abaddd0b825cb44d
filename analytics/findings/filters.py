"""What a list of findings is narrowed by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from analytics.api import models
from analytics.state.tables import finding_subjects, findings
from analytics.state.text import storable


@dataclass(frozen=True, slots=True)
class Filters:
    """Each is an exact value, None for all.

    Parameters
    ----------
    seen_from, seen_to
        Half-open interval, aware UTC: findings seen at any time in it.
    """

    detector: str | None = None
    state: models.FindingState | None = None
    severity: models.Severity | None = None
    grade: models.Grade | None = None
    agent: str | None = None
    trace_id: str | None = None
    seen_from: datetime | None = None
    seen_to: datetime | None = None


NO_FILTERS = Filters()


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what holds for the findings that pass."""
    found = [
        findings.c[name] == storable(value)
        for name in ("detector", "state", "severity", "grade")
        if (value := getattr(filters, name)) is not None
    ]
    if filters.agent is not None:
        found.append(_is_about("agent", filters.agent))
    if filters.trace_id is not None:
        found.append(_is_about("trace", filters.trace_id))
    if filters.seen_from is not None:
        found.append(findings.c.last_seen >= filters.seen_from)
    if filters.seen_to is not None:
        found.append(findings.c.first_seen < filters.seen_to)
    return found


def _is_about(kind: str, value: str) -> ColumnElement[bool]:
    subject = finding_subjects.c
    about = select(subject.finding_id).where(subject.kind == kind, subject.value == storable(value))
    return findings.c.id.in_(about)
