"""Error chains beyond one trace: in which others one began or went on, and what followed in its sessions."""

from collections.abc import Sequence

from analytics.api.models import ErrorAcross, LaterInSession
from dashboard.presentation.address import chain_address, trace_address
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.wording.amount import count, counted, shortened

COLUMNS = [
    Column("Chain of other traces", grow=5),
    Column("How", grow=3),
    Column("Traces", number=True),
    Column("One of them", number=True),
]
WAYS = {"began": "this one began there", "went on": "this one went on there"}


def across_table(across: Sequence[ErrorAcross]) -> Table:
    """Return the chains that one hangs together with as rows that lead to them."""
    return Table("Chains of other traces", COLUMNS, [_row(one) for one in across])


def later_in_words(later: LaterInSession | None) -> str:
    """Return what followed in the same sessions; '' where none is known to have gone on.

    Examples
    --------
    >>> later_in_words(LaterInSession(sessions=9, went_on=4, failed_later=3))
    'Of 9 sessions with it 4 went on with another trace; in 3 of them a later one failed.'
    """
    if later is None or not later.went_on:
        return ""
    return (
        f"Of {counted(later.sessions, 'session')} with it {count(later.went_on)} went on with another trace; "
        f"in {count(later.failed_later)} of them a later one failed."
    )


def _row(one: ErrorAcross) -> Row:
    whose = f"{shortened(one.agent)}'s " if one.agent else ""
    return Row(
        id=one.fingerprint,
        href=chain_address(one.fingerprint),
        cells=[
            Cell(f"{shortened(one.error_type) or 'An error'} in {whose}{shortened(one.call)}"),
            Cell(WAYS[one.way]),
            Cell(count(one.traces), sort=one.traces),
            Cell(one.example[:8], hint=one.example, pick=one.example, href=trace_address(one.example)),
        ],
    )
