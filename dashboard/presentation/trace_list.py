"""Traces as rows, and what is said when none matches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from analytics.api.models import TraceSummary
from dashboard.presentation.address import trace_address
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.time_range import WORDS
from dashboard.presentation.tone import Tone
from dashboard.source.source import TraceFilter
from dashboard.wording.amount import count, counted, listed, money, tokens
from dashboard.wording.duration import age, duration
from dashboard.wording.moment import ago, at, moment
from dashboard.wording.sign import UNKNOWN

STATUS_WORDS = {"ok": "ok", "error": "failed", "open": "open"}
TONES: dict[str, Tone] = {"ok": "quiet", "error": "failed", "open": "open"}

COLUMNS = [
    Column("Trace", grow=3),
    Column("Status", grow=2),
    Column("Started"),
    Column("Duration", number=True),
    Column("Spans", number=True),
    Column("Tokens", number=True),
    Column("Cost", number=True),
]


def table(traces: Sequence[TraceSummary], now: datetime) -> Table:
    """Return traces as rows, in the order given; without a column of costs where none is known."""
    priced = any(trace.cost_usd is not None for trace in traces)
    columns = COLUMNS if priced else COLUMNS[:-1]
    rows = [_row(trace, now) for trace in traces]
    rows = rows if priced else [replace(row, cells=row.cells[:-1]) for row in rows]
    return Table("Traces, newest first", columns, rows)


def nothing_matches(chosen: TraceFilter, range_name: str) -> str:
    """Return one sentence that repeats what was asked for."""
    conditions = [f"{label} = {value}" for label, value in filters(chosen).items()]
    asked = f" matches {', '.join(conditions)}" if conditions else " was received"
    return f"No trace{asked} in {WORDS[range_name]}."


def filters(chosen: TraceFilter) -> dict[str, str]:
    """Return the filters in force, by the words they carry on the page."""
    given = {
        "status": STATUS_WORDS.get(chosen.status, chosen.status),
        "agent": chosen.agent,
        "text": chosen.query,
        "environment": chosen.environment,
    }
    return {label: value for label, value in given.items() if value}


def without_each(chosen: TraceFilter) -> list[tuple[str, str, TraceFilter]]:
    """Return, for each of the page's own filters in force, its name in the URL, its words, and the rest."""
    words = filters(chosen)
    others = (
        ("status", "status", replace(chosen, status="")),
        ("agent", "agent", replace(chosen, agent="")),
        ("q", "text", replace(chosen, query="")),
    )
    return [(name, f"{label} = {words[label]}", rest) for name, label, rest in others if label in words]


def _row(trace: TraceSummary, now: datetime) -> Row:
    start = moment(trace.start)
    return Row(
        id=trace.trace_id,
        href=trace_address(trace.trace_id),
        tone=TONES[trace.status],
        cells=[
            Cell(trace.name, note=listed(trace.agents)),
            Cell(STATUS_WORDS[trace.status], badge=TONES[trace.status], note=_status_note(trace)),
            Cell(ago(start, now), note=f"{at(start, now)} UTC", sort=start.timestamp()),
            Cell(_duration(trace), sort=trace.duration_s),
            Cell(count(trace.spans), sort=trace.spans),
            _tokens(trace),
            Cell(money(trace.cost_usd), sort=trace.cost_usd),
        ],
    )


def _status_note(trace: TraceSummary) -> str:
    parts = [
        counted(trace.errors, "error") if trace.errors else "",
        f"{counted(trace.open, 'span')} open" if trace.open else "",
        trace.error_message or "",
    ]
    return " · ".join(part for part in parts if part)


def _duration(trace: TraceSummary) -> str:
    return f"{age(trace.duration_s)} so far" if trace.status == "open" else duration(trace.duration_s)


def _tokens(trace: TraceSummary) -> Cell:
    known = [number for number in (trace.input_tokens, trace.output_tokens) if number is not None]
    hint = f"{tokens(trace.input_tokens)} in, {tokens(trace.output_tokens)} out"
    return Cell(tokens(sum(known)), hint=hint, sort=sum(known)) if known else Cell(UNKNOWN)
