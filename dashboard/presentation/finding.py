"""A finding as a card: what, since when, who, what to do, and why we say so."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analytics.api.models import Finding, Page
from dashboard.presentation.address import is_series_id
from dashboard.presentation.drift import DETECTOR as DRIFT_DETECTOR
from dashboard.presentation.evidence import Group, groups
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import counted, listed
from dashboard.wording.moment import ago, at, moment

SEVERITY_WORDS = {"S1": "blocking", "S2": "serious", "S3": "limited", "S4": "smell"}
GRADES = ("confirmed", "probable", "suspected")


@dataclass(frozen=True, slots=True)
class FindingCard:
    """What is shown of one finding.

    Parameters
    ----------
    since
        When it was first seen, exact and relative; for a resolved one, until when as well.
    resolution
        Why it was resolved; '' while it is open, or when that is not known.
    fingerprint
        What it is found of, by which its detector knows it again.
    trace_id, span_id
        Where to look first; None when the finding names no trace or no span.
    series
        Of a drift, the first that drifts; '' else.
    """

    id: str
    detector: str
    fingerprint: str
    severity: str
    grade: str
    tone: Tone
    title: str
    since: str
    who: str
    advice: str
    resolution: str
    trace_id: str | None
    span_id: str | None
    groups: list[Group]
    document: str
    series: str = ""


def card(finding: Finding, now: datetime) -> FindingCard:
    """Return the card of `finding` as it stands at `now`."""
    return FindingCard(
        id=finding.id,
        detector=finding.detector,
        fingerprint=finding.fingerprint,
        severity=f"{finding.severity} {SEVERITY_WORDS[finding.severity]}",
        grade=finding.grade,
        tone=_tone(finding),
        title=finding.title,
        since=_since(finding, now),
        who=listed(finding.agents),
        advice=finding.advice,
        resolution=finding.resolution or "",
        trace_id=finding.trace_ids[0] if finding.trace_ids else None,
        span_id=finding.span_ids[0] if finding.span_ids else None,
        groups=groups(finding.evidence),
        document=json.dumps(finding.model_dump(), indent=2, ensure_ascii=False),
        series=_series(finding),
    )


def _series(finding: Finding) -> str:
    """Return the id of the series that a finding of drift is of."""
    match finding.evidence.get("series"):
        case [{"id": str() as series}, *_] if finding.detector == DRIFT_DETECTOR and is_series_id(series):
            return series
    return ""


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by severity, then by how sure we are, then the longest-standing first."""
    return sorted(findings, key=lambda f: (f.severity, GRADES.index(f.grade), f.first_seen))


def together(some: Page[Finding], others: Page[Finding]) -> Page[Finding]:
    """Return two pages as one, each finding once: the worst may be too old for a page of the newest."""
    known = {finding.id: finding for finding in (*some.items, *others.items)}
    return Page(items=list(known.values()), next=some.next or others.next)


def others_note(hidden: int) -> str:
    """Return what is said of findings that the list is too short for."""
    return f"and {counted(hidden, 'more finding', 'more findings')}, less urgent" if hidden > 0 else ""


def _tone(finding: Finding) -> Tone:
    if finding.state == "resolved":
        return "good"
    return "broken" if finding.severity in ("S1", "S2") else "attention"


def _since(finding: Finding, now: datetime) -> str:
    first = moment(finding.since)
    if finding.resolved_at is None:
        return f"since {at(first, now)} UTC, {ago(first, now)}"
    last = moment(finding.resolved_at)
    return f"{at(first, now)} to {at(last, now)} UTC, resolved {ago(last, now)}"
