"""What is said of a span that missed its deadline. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from analytics.detectors.deadline_row import DeadlineRow
from analytics.detectors.wording import duration, plain
from analytics.findings.finding import Finding, Grade, Severity
from analytics.rfc3339 import rfc3339
from analytics.waits.open_span import PATIENT_REASONS

DETECTOR = "missed_deadline"
NAMED_MAX = 20


@dataclass(frozen=True, slots=True)
class Missed:
    """A span that is late.

    Parameters
    ----------
    leaf
        What began last below it and is open; None where nothing is.
    above
        Open ancestors that have deadlines, nearest first.
    """

    span: DeadlineRow
    leaf: DeadlineRow | None
    above: Sequence[DeadlineRow]


def missed_deadline_finding(missed: Missed, now_ns: int) -> Finding:
    """Return the finding of a span that missed its deadline."""
    span = missed.span
    return Finding(
        project=span.project,
        detector=DETECTOR,
        fingerprint=span.fingerprint,
        severity=_severity(span),
        grade=_grade(span),
        title=_title(span, now_ns),
        advice=_advice(missed),
        since=datetime.fromtimestamp(span.deadline_ns / 1e9, UTC),
        agents=list(dict.fromkeys(plain(one.agent) for one in (span, *missed.above) if one.agent)),
        trace_ids=[span.trace],
        span_ids=[span.span, *(one.span for one in missed.above[:NAMED_MAX])],
        evidence={
            "timeout_s": span.timeout_s,
            "deadline": rfc3339(span.deadline_ns),
            "overdue_s": round(span.overdue_s(now_ns), 3),
            "open": not span.end_ns,
            "last_seen": rfc3339(span.last_seen_ns),
            "waiting_on": plain(span.waiting_on) or None,
            "wait_reason": plain(span.wait_reason) or None,
            "rule": "its own doldrums.wait.timeout_s after its start it has not ended",
            "began_last_below": _named(missed.leaf) if missed.leaf else None,
            "deadlines_above": [
                {**_named(one), "deadline": rfc3339(one.deadline_ns)} for one in missed.above[:NAMED_MAX]
            ],
            # whoever waits for it gives up before it does
            "outlives_above": any(one.deadline_ns < span.deadline_ns for one in missed.above),
            "false_positive_note": (
                "The clock of its process may be wrong."
                if _grade(span) == "confirmed"
                else "It was reported once, when it began: its end may have been lost on the way."
            ),
        },
        certain=_grade(span) == "confirmed",
    )


def _severity(span: DeadlineRow) -> Severity:
    if span.end_ns or _grade(span) == "suspected" or span.wait_reason in PATIENT_REASONS:
        return "S3"
    # nothing is above it: whoever asked for it waits outside
    return "S1" if not span.parent_span and span.kind in ("agent", "workflow") else "S2"


def _grade(span: DeadlineRow) -> Grade:
    return "confirmed" if span.end_ns or span.is_proven else "suspected"


def _title(span: DeadlineRow, now_ns: int) -> str:
    who = plain(span.agent or span.service or "an unnamed agent")
    what = (
        f"wait for {plain(span.waiting_on)}"
        if span.waiting_on
        else plain(span.tool or span.name or span.kind)
    )
    late, given = duration(span.overdue_s(now_ns)), duration(span.timeout_s)
    if span.end_ns:
        return f"{who}'s {what} ended {late} after its deadline of {given}"
    return f"{who}'s {what} is still open {late} after its deadline of {given}"


def _advice(missed: Missed) -> str:
    span, leaf = missed.span, missed.leaf
    where = plain((leaf and (leaf.waiting_on or leaf.tool or leaf.name)) or span.waiting_on or span.name)
    if span.end_ns:
        return f"Look at {where}: it answers too late, or the wait does not give up when it says."
    return (
        f"Look at {where}; cancel it if nobody needs its answer any more."
        " A wait that outlives its deadline does not enforce it: look how the timeout is passed on."
    )


def _named(span: DeadlineRow) -> dict[str, str | None]:
    return {
        "span_id": span.span,
        "name": plain(span.name),
        "kind": plain(span.kind),
        "agent": plain(span.agent) or None,
    }
