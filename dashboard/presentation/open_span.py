"""An open span beside what is usual for its like: so far, usual, limit, ratio, verdict, waiting for whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from analytics.api.models import Finding, OpenSpan, Page, TraceSummary
from dashboard.presentation.address import trace_address
from dashboard.presentation.deadlock import DETECTOR as DEADLOCK_DETECTOR
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.time_range import WORDS
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed, ratio, shortened
from dashboard.wording.duration import age, duration
from dashboard.wording.moment import at, moment

OPEN_WORK = frozenset(
    {DEADLOCK_DETECTOR, "stuck_span", "silent_trace", "missed_deadline", "orphan", "silent_source"}
)
"""Detectors of what has not ended, or of why that cannot be told."""

TONES: dict[str, Tone] = {
    "stuck": "broken",
    "lost": "broken",
    "slow": "attention",
    "waiting": "quiet",
    "working": "quiet",
}

COLUMNS = [
    Column("Open span", grow=3),
    Column("Verdict", grow=3),
    Column("Waits for", grow=1),
    Column("So far", number=True),
    Column("Usual p95", number=True),
    Column("Limit", number=True),
    Column("Ratio", number=True),
]


def times_usual(span: OpenSpan) -> float | None:
    """Return how many times as long as 95 of 100 of its like a span has been open."""
    return span.age_s / span.p95_s if span.p95_s else None


def reason(span: OpenSpan, now: datetime) -> str:
    """Return why a span has its verdict, in one clause."""
    still_s = (now - moment(span.last_progress)).total_seconds()
    silent_s = (now - moment(span.last_seen)).total_seconds()
    if span.verdict == "stuck":
        return f"no progress for {age(min(still_s, span.age_s))}"
    if span.verdict == "lost":
        return f"nothing reported of it for {age(silent_s)}"
    if span.verdict == "waiting":
        return "someone else has to act first"
    if span.usual_s is None:
        return f"no baseline yet, {counted(span.samples, 'sample')}"
    if span.verdict == "slow":
        return "longer than 99 of 100 of its like"
    return "within its usual time" if span.age_s <= span.usual_s else "over its usual time"


def of_open_work(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are about work which has not ended."""
    return [finding for finding in findings if finding.detector in OPEN_WORK]


def news(page: Page[OpenSpan], found: Sequence[Finding]) -> tuple[str, str, Tone]:
    """Return the news, the rest of it, and its tone."""
    number = f"{count(len(page.items))}{'+' if page.next else ''}"
    if not page.items and not found:
        return "Nothing is open right now.", "", "quiet"
    is_open = f"{number} {'span is' if number == '1' else 'spans are'} open"
    if found:
        return f"{_counted(found)}.", f"{is_open} in all.", "broken"
    return "Nothing is stuck.", f"{is_open}.", "quiet"


def _counted(found: Sequence[Finding]) -> str:
    """Return how many deadlocks there are, how many are stuck, and what else was found."""
    detectors = Counter(finding.detector for finding in found)
    rings, stuck = detectors.pop(DEADLOCK_DETECTOR, 0), detectors.pop("stuck_span", 0)
    others = detectors.total()
    parts = [counted(rings, "deadlock") if rings else "", f"{count(stuck)} stuck" if stuck else ""]
    if others:
        parts.append(counted(others, "other finding" if rings or stuck else "finding"))
    return ", ".join(filter(None, parts))


def longest_trace(page: Page[TraceSummary], range_name: str) -> str:
    """Return which trace took longest of late; '' when there is none to tell of."""
    if not page.items:
        return ""
    longest = max(page.items, key=lambda trace: trace.duration_s)
    who = shortened(listed(longest.agents) or longest.name)
    among = f"of the newest {count(len(page.items))} traces" if page.next else f"in {WORDS[range_name]}"
    return f"The longest trace {among} took {duration(longest.duration_s)} ({who})."


def quiet_hint() -> str:
    """Return why an agent at work may be missing from an empty list."""
    return (
        "Work appears here while it runs, if its process reports open spans: "
        "doldrums-client's OpenSpanProcessor and Logfire do, plain exporters send spans when they end."
    )


def table(spans: Sequence[OpenSpan], now: datetime) -> Table:
    """Return open spans as rows, in the order given."""
    return Table("Open spans, oldest first", COLUMNS, [_row(span, now) for span in spans])


def _usual(span: OpenSpan) -> str:
    half = f"half take {duration(span.usual_s)}, " if span.usual_s is not None else "unlearned, "
    return f"{half}{counted(span.samples, 'sample')}"


def _row(span: OpenSpan, now: datetime) -> Row:
    tone = TONES[span.verdict]
    return Row(
        id=f"{span.trace_id}/{span.span_id}",
        href=trace_address(span.trace_id, span.span_id),
        tone=tone,
        cells=[
            Cell(span.name, note=" · ".join(part for part in (span.agent, span.tool, span.model) if part)),
            Cell(span.verdict, badge=tone, note=reason(span, now)),
            Cell(span.waiting_on or ""),
            Cell(age(span.age_s), sort=span.age_s, hint=f"since {at(moment(span.start), now)} UTC"),
            Cell(duration(span.p95_s), sort=span.p95_s, hint=_usual(span)),
            Cell(duration(span.limit_s), sort=span.limit_s),
            Cell(ratio(times_usual(span)), sort=times_usual(span)),
        ],
    )
