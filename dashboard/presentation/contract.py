"""Contracts: what is said of boundaries, of how they are kept, and of who said what they keep."""

from collections.abc import Sequence
from datetime import datetime

from analytics.api.models import (
    Contract,
    ContractBoundaries,
    ContractBoundary,
    ContractBreak,
    ContractDetail,
    ContractSource,
    PassRate,
)
from dashboard.presentation.address import contract_address, trace_address
from dashboard.presentation.evidence import Fact
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.time_range import WORDS
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed, shortened
from dashboard.wording.moment import ago, at, exact, moment
from dashboard.wording.sign import UNKNOWN

LIMITS = (
    "A learned contract is what calls were, not what they must be. Of busy boundaries some calls are checked,"
    " unless a contract in the settings names them."
)
COLUMNS = [
    Column("Boundary", grow=4),
    Column("Contract", grow=2),
    Column("Kept", number=True),
    Column("Broken", number=True),
    Column("Checked", number=True),
    Column("Last break", number=True),
]
BREAK_COLUMNS = [
    Column("Where", grow=3),
    Column("Expected", grow=3),
    Column("Got", grow=3),
    Column("Calls", number=True),
    Column("Last", number=True),
]
RATE_COLUMNS = [
    Column("From", number=True),
    Column("Checked", number=True),
    Column("Broken", number=True),
    Column("Kept", number=True),
]
SOURCES: dict[ContractSource, str] = {
    "user": "in the settings",
    "tool": "of the tool itself",
    "learned": "learned",
    "none": "none yet",
}
CAUSES = {
    "unparsable": "is no JSON",
    "missing": "is missing",
    "unexpected": "must not be there",
    "type": "has another type",
    "enum": "is no allowed value",
    "range": "is out of range",
    "format": "has another form",
    "empty": "is empty",
    "variant": "fits no variant",
}
_NAMED_MAX = 3


def what(one: ContractBoundary) -> str:
    """Return what a boundary is: `result of buyer's look_up`."""
    whose = f"{shortened(one.agent)}'s " if one.agent else ""
    name = shortened(one.name or "")
    if one.kind == "agent":
        return f"{whose}{'answer' if one.side == 'output' else 'task'}"
    if one.kind == "handoff":
        return f"{whose}hand-off to {name}" + ("" if one.side == "input" else ", what comes back")
    return f"{'result' if one.side == 'output' else 'arguments'} of {whose}{name}"


def broken(boundaries: Sequence[ContractBoundary]) -> list[ContractBoundary]:
    """Return those that were broken."""
    return [one for one in boundaries if one.broken]


def tone(boundaries: Sequence[ContractBoundary]) -> Tone:
    """Return the tone: what breaks what somebody wrote down is worse than what deviates."""
    found = broken(boundaries)
    if any(one.source in {"user", "tool"} for one in found):
        return "broken"
    return "attention" if found else "quiet"


def news(found: ContractBoundaries, range_name: str) -> tuple[str, str]:
    """Return what was broken in the time range, and what else there is."""
    lately = WORDS[range_name]
    if not found.items:
        return (
            f"No call with content in {lately}.",
            "What tools, hand-offs and agents are given and give back is checked once captured.",
        )
    failing = broken(found.items)
    learning = sum(one.source == "none" for one in found.items)
    kept = len(found.items) - len(failing) - learning
    rest = f"{counted(kept, 'boundary', 'boundaries')} kept theirs" + (
        f", {count(learning)} not learned yet." if learning else "."
    )
    if not failing:
        return f"No contract was broken in {lately}.", rest
    names = listed([what(one) for one in failing], _NAMED_MAX)
    calls = counted(sum(one.broken for one in failing), "call")
    return f"{calls} broke a contract in {lately}: {names}.", rest


def boundary_table(caption: str, boundaries: Sequence[ContractBoundary], needed: int, now: datetime) -> Table:
    """Return boundaries as rows that lead to them."""
    return Table(caption, COLUMNS, [_row(one, needed, now) for one in boundaries])


def _row(one: ContractBoundary, needed: int, now: datetime) -> Row:
    last = moment(one.last_break) if one.last_break else None
    return Row(
        id=one.id,
        href=contract_address(one.id),
        tone=_tone(one),
        cells=[
            Cell(what(one), note=_version(one), hint=what(one)),
            Cell(SOURCES[one.source], note=_learning(one, needed)),
            Cell(kept(one.pass_rate), sort=1.0 if one.pass_rate is None else one.pass_rate),
            Cell(count(one.broken) if one.broken else UNKNOWN, sort=float(one.broken)),
            Cell(count(one.checked), sort=float(one.checked), hint=f"of {counted(one.calls, 'call')} seen"),
            Cell(
                ago(last, now) if last else UNKNOWN,
                sort=last.timestamp() if last else 0.0,
                hint=f"{at(last, now)} UTC" if last else "",
            ),
        ],
    )


def _tone(one: ContractBoundary) -> Tone:
    if not one.broken:
        return "quiet"
    return "broken" if one.source in {"user", "tool"} else "failed"


def _version(one: ContractBoundary) -> str:
    if not one.version:
        return ""
    return f"version {shortened(one.version)}" + (f", {count(one.versions)} seen" if one.versions > 1 else "")


def _learning(one: ContractBoundary, needed: int) -> str:
    if one.source == "user" and not one.calls:
        return "no such call was seen"
    return f"{count(one.learned_calls)} of {counted(needed, 'call')} seen" if one.source == "none" else ""


def kept(rate: float | None) -> str:
    """Return the share of calls that kept it; what was broken once is never 100 %.

    Examples
    --------
    >>> kept(1.0), kept(0.99996), kept(0.75)
    ('100 %', '99.99 %', '75.0 %')
    """
    if rate is None:
        return UNKNOWN
    if rate == 1:
        return "100 %"
    return f"{min(99.99, 100 * rate):.2f} %" if rate > 0.99 else f"{100 * rate:.1f} %"


def break_table(breaks: Sequence[ContractBreak], now: datetime) -> Table:
    """Return how a contract was broken, as rows that lead to the newest example."""
    rows = [_break(one, now) for one in breaks]
    return Table("How it was broken, the most frequent first", BREAK_COLUMNS, rows)


def _break(one: ContractBreak, now: datetime) -> Row:
    trace, span = one.examples[0]
    last = moment(one.last)
    return Row(
        id=f"{trace}/{span}",
        href=trace_address(trace, span),
        tone="failed",
        cells=[
            Cell(one.path, note=_cause(one.cause), hint=one.path),
            Cell(one.expected, hint=one.expected),
            Cell(one.got, note=one.got_type if one.got_type not in one.got else "", hint=one.got),
            Cell(count(one.calls), sort=float(one.calls)),
            Cell(ago(last, now), sort=last.timestamp(), hint=f"first {exact(one.first, now)}"),
        ],
    )


def _cause(word: str) -> str:
    return CAUSES.get(word, word)


def rate_table(boundary: str, history: Sequence[PassRate], now: datetime) -> Table:
    """Return how often a contract was kept over time, the newest first."""
    rows = [
        Row(
            id=one.start,
            href=contract_address(boundary),
            tone="failed" if one.broken else "quiet",
            cells=[
                Cell(at(moment(one.start), now), sort=moment(one.start).timestamp()),
                Cell(count(one.checked), sort=float(one.checked)),
                Cell(count(one.broken) if one.broken else UNKNOWN, sort=float(one.broken)),
                Cell(kept(1 - one.broken / one.checked if one.checked else None)),
            ],
        )
        for one in reversed(history)
    ]
    return Table("Calls over time", RATE_COLUMNS, rows)


def in_short(detail: ContractDetail, range_name: str) -> tuple[str, str]:
    """Return how one boundary kept its contract, and whose that is."""
    one = detail.boundary
    whose = f"The contract is {SOURCES[one.source]}." if one.source != "none" else "There is no contract yet."
    if not one.checked:
        return f"No {what(one)} was checked in {WORDS[range_name]}.", whose
    name = what(one)
    name = name[0].upper() + name[1:]
    lately = f"in {counted(one.checked, 'call')} of {WORDS[range_name]}"
    if one.broken:
        return f"{name}: {counted(one.broken, 'break')} {lately}.", whose
    return f"{name}: kept {lately}.", whose


def contract_facts(one: Contract, now: datetime) -> list[Fact]:
    """Return where a contract is from, and what has become usual."""
    found = [
        ("said", SOURCES[one.source]),
        ("version", one.version or ""),
        ("calls", count(one.calls) if one.calls else ""),
        ("cannot be used", one.problem or ""),
        *(("usual now", f"{each.path} {_cause(each.cause)}, {exact(each.at, now)}") for each in one.drifts),
    ]
    return [(name, value) for name, value in found if value]
