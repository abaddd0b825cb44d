"""Error chains as rows; the spans that one went through, and the traces that it was in."""

from collections.abc import Sequence
from datetime import datetime

from analytics.api.models import ErrorChain, ErrorChainDetail, ErrorHop, ErrorOutcome, ErrorTrace
from dashboard.presentation.address import chain_address, trace_address
from dashboard.presentation.chain import is_new, unknown, way, what
from dashboard.presentation.evidence import Fact
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted
from dashboard.wording.duration import duration
from dashboard.wording.moment import SECOND_NS, ago, at, exact, moment, nanoseconds
from dashboard.wording.sign import UNKNOWN

COLUMNS = [
    Column("What failed", grow=3),
    Column("Way", grow=3),
    Column("Failed traces", number=True),
    Column("Outlived", number=True),
    Column("Reached", number=True),
    Column("Last", number=True),
    Column("Known since", number=True),
]
HOP_COLUMNS = [
    Column("Hop", grow=3),
    Column("Error", grow=4),
    Column("At", number=True),
    Column("After", number=True),
    Column("Span", number=True),
]
TRACE_COLUMNS = [
    Column("Trace", grow=5),
    Column("Outcome", grow=2),
    Column("Failed", number=True),
    Column("Began at", number=True),
]
OUTLIVED = "Traces in which what is above did not fail, or a later try of the same call went well."
OUTCOMES: dict[ErrorOutcome, tuple[str, Tone]] = {
    "root failed": ("failed", "failed"),
    "contained": ("contained", "good"),
    "retried": ("retried", "good"),
    "unknown": ("not known yet", "quiet"),
}
WENT_ON = {"contained": "went on without it", "retried": "tried again with success"}


def chain_table(caption: str, chains: Sequence[ErrorChain], range_name: str, now: datetime) -> Table:
    """Return chains as rows that lead to them, in the order given."""
    return Table(caption, COLUMNS, [_row(one, range_name, now) for one in chains])


def hop_table(detail: ErrorChainDetail, now: datetime) -> Table:
    """Return the spans that an error went through in the newest trace, and the one that stopped it."""
    trace = detail.traces[0] if detail.traces else None
    rows = []
    for place, hop in enumerate(detail.hops):
        before = detail.hops[place - 1] if place else None
        rows.append(_hop(hop, before, trace, now))
    return Table("The error, hop by hop", HOP_COLUMNS, rows)


def trace_table(traces: Sequence[ErrorTrace], now: datetime) -> Table:
    """Return traces as rows that lead to where the error began."""
    rows = [_trace(one, now) for one in traces]
    return Table("Traces with this error, failed ones first", TRACE_COLUMNS, rows)


def facts(one: ErrorChain, range_name: str, now: datetime) -> list[Fact]:
    """Return how a chain came out, whom it reached, and since when it is known; without what is nothing."""
    known = exact(one.known_since, now)
    by = f", by {one.path[-1]}" if one.path and not one.failures else ""
    found = [
        ("failed", f"{count(one.failures)} of {counted(one.traces, 'trace')}"),
        ("contained", f"{counted(one.contained, 'trace')}{by}" if one.contained else ""),
        ("retried", counted(one.retried, "trace") if one.retried else ""),
        ("not known yet", counted(unknown(one), "trace") if unknown(one) else ""),
        ("reached", _reached(one)),
        ("given up for it", counted(one.collateral, "span") if one.collateral else ""),
        ("first", exact(one.first, now)),
        ("last", exact(one.last, now)),
        ("known since", f"{known} (new)" if is_new(one, range_name, now) else known),
    ]
    return [(name, value) for name, value in found if value]


def _row(one: ErrorChain, range_name: str, now: datetime) -> Row:
    first, last, known = moment(one.first), moment(one.last), moment(one.known_since)
    return Row(
        id=one.fingerprint,
        href=chain_address(one.fingerprint),
        tone="broken" if one.failures and not one.expected else "quiet",
        cells=[
            Cell(what(one), note=one.error_message or "", hint=one.error_message or ""),
            Cell(way(one.path), note="" if one.root in one.path else f"in {one.root}", hint=way(one.path)),
            Cell(_failed(one), sort=one.failures, hint=f"of {counted(one.traces, 'trace')}"),
            Cell(_outlived(one), sort=one.contained + one.retried, hint=OUTLIVED),
            Cell(_reached(one) or UNKNOWN, sort=one.users + one.sessions / 1e9),
            Cell(
                ago(last, now),
                sort=last.timestamp(),
                hint=f"first {at(first, now)} UTC, last {at(last, now)} UTC",
            ),
            Cell(
                "new" if is_new(one, range_name, now) else ago(known, now),
                badge="attention" if is_new(one, range_name, now) else None,
                sort=known.timestamp(),
                hint=f"{at(known, now)} UTC",
            ),
        ],
    )


def _failed(one: ErrorChain) -> str:
    if not one.failures:
        return UNKNOWN
    of = f" of {count(one.traces)}" if one.failures < one.traces else ""
    return f"{count(one.failures)}{of}"


def _outlived(one: ErrorChain) -> str:
    parts = [
        f"{count(one.contained)} contained" if one.contained else "",
        f"{count(one.retried)} retried" if one.retried else "",
        f"{count(unknown(one))} not known" if unknown(one) else "",
    ]
    return ", ".join(filter(None, parts)) or UNKNOWN


def _reached(one: ErrorChain) -> str:
    parts = [
        counted(one.users, "user") if one.users else "",
        counted(one.sessions, "session") if one.sessions else "",
    ]
    return ", ".join(filter(None, parts))


def _hop(hop: ErrorHop, before: ErrorHop | None, trace: ErrorTrace | None, now: datetime) -> Row:
    trace_id = trace.trace_id if trace else ""
    when = moment(hop.end or hop.start)
    marks = (hop.agent or "", hop.kind, "" if before else "began here")
    after_s = (_over_ns(hop) - _over_ns(before)) / SECOND_NS if before else None
    return Row(
        id=f"{trace_id}/{hop.span_id}",
        href=trace_address(trace_id, hop.span_id),
        tone="quiet" if before else "broken",
        cells=[
            Cell(hop.call, note=" · ".join(filter(None, marks)), hint=hop.name),
            _error(hop, trace),
            Cell(at(when, now), hint=f"UTC, {ago(when, now)}", sort=when.timestamp()),
            Cell(duration(after_s), sort=after_s),
            Cell(hop.span_id[:8], hint=hop.span_id),
        ],
    )


def _over_ns(hop: ErrorHop) -> int:
    return nanoseconds(hop.end or hop.start)


def _error(hop: ErrorHop, trace: ErrorTrace | None) -> Cell:
    if hop.status != "error":
        said = WENT_ON.get(trace.outcome, "did not fail") if trace else "did not fail"
        return Cell(said, badge="good")
    return Cell(hop.error_type or "error", note=hop.error_message or "", hint=hop.error_message or "")


def _trace(one: ErrorTrace, now: datetime) -> Row:
    when = moment(one.at)
    said, shown = OUTCOMES[one.outcome]
    whose = (f"user {one.user}" if one.user else "", f"session {one.session}" if one.session else "")
    return Row(
        id=f"{one.trace_id}/{one.span_id}",
        href=trace_address(one.trace_id, one.span_id),
        cells=[
            Cell(one.root, note=" · ".join(filter(None, whose)), hint=one.trace_id),
            Cell(said, badge=shown),
            Cell(ago(when, now), hint=f"{at(when, now)} UTC", sort=when.timestamp()),
            Cell(one.span_id[:8], hint=one.span_id),
        ],
    )
