"""Waits as rows: the hops of a ring, or every wait there is."""

from collections.abc import Sequence

from analytics.api.models import WaitEdge
from dashboard.presentation.address import deadlock_address, trace_address
from dashboard.presentation.deadlock import Deadlock
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.waiting import Waiting
from dashboard.wording.amount import count, listed
from dashboard.wording.duration import age
from dashboard.wording.moment import ago, at, moment
from dashboard.wording.sign import UNKNOWN

COLUMNS = [
    Column("Waiter", grow=2),
    Column("Waits for", grow=2),
    Column("Resource", grow=1),
    Column("For", number=True),
    Column("Gives up", number=True),
    Column("Span", number=True),
]

RING_COLUMNS = [
    Column("In the ring", grow=4),
    Column("Grade", grow=1),
    Column("For", number=True),
    Column("Behind it", number=True),
]


def hop_table(one: Deadlock, looked: Waiting) -> Table:
    """Return the hops of a ring in order; the wait to break says so."""
    rows = [_row(hop, looked, is_cut=hop is one.cut) for hop in one.hops]
    return Table("The ring, hop by hop", COLUMNS, rows)


def waits_table(edges: Sequence[WaitEdge], looked: Waiting) -> Table:
    """Return waits in the order given."""
    return Table("Waits, longest first", COLUMNS, [_row(edge, looked, is_cut=False) for edge in edges])


def other_rings(found: Sequence[Deadlock], looked: Waiting) -> Table:
    """Return deadlocks as rows that lead to them."""
    return Table("Other deadlocks", RING_COLUMNS, [_ring_row(one, looked) for one in found])


def _ring_row(one: Deadlock, looked: Waiting) -> Row:
    closed = moment(one.ring.closed)
    lasting_s = (looked.now - closed).total_seconds()
    return Row(
        id=one.id,
        href=deadlock_address(one.id),
        tone="broken",
        cells=[
            Cell(listed([looked.name(hop.waiter) for hop in one.hops], 8)),
            Cell(one.ring.grade),
            Cell(age(lasting_s), sort=lasting_s, hint=f"since {at(closed, looked.now)} UTC"),
            Cell(count(len(one.ring.victims))),
        ],
    )


def _row(edge: WaitEdge, looked: Waiting, *, is_cut: bool) -> Row:
    waited_s = looked.waited_s(edge)
    since = f"since {at(moment(edge.since), looked.now)} UTC"
    return Row(
        id=f"{edge.trace_id}/{edge.span_id}",
        href=trace_address(edge.trace_id, edge.span_id),
        tone="broken" if is_cut else "quiet",
        cells=[
            Cell(looked.name(edge.waiter), note=_note(edge, looked, is_cut=is_cut)),
            Cell(looked.name(edge.target), note=_one_of(edge)),
            Cell("held" if looked.is_lock(edge.waiter) else edge.resource or UNKNOWN),
            Cell(age(waited_s), sort=waited_s, hint=since),
            _gives_up(edge, looked),
            Cell(edge.span_id[:8], hint=edge.span_id),
        ],
    )


def _note(edge: WaitEdge, looked: Waiting, *, is_cut: bool) -> str:
    marks = (
        looked.kind(edge.waiter),
        "inferred" if edge.inferred else "",
        "cheapest to break" if is_cut else "",
    )
    return " · ".join(filter(None, marks))


def _one_of(edge: WaitEdge) -> str:
    if edge.targets < 2:
        return ""
    return f"one of {edge.targets}, {'all' if edge.needed >= edge.targets else edge.needed} needed"


def _gives_up(edge: WaitEdge, looked: Waiting) -> Cell:
    if edge.deadline is None:
        return Cell(UNKNOWN, hint="no deadline is known")
    when = moment(edge.deadline)
    return Cell(ago(when, looked.now), hint=f"{at(when, looked.now)} UTC", sort=when.timestamp())
