"""Failing traces of a root against passing ones: what sets them apart, and when that cannot be said."""

from collections.abc import Sequence

from analytics.api.models import RootCause, RootComparison, RootComparisons
from dashboard.presentation.address import trace_address
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed, shortened
from dashboard.wording.sign import UNKNOWN

COLUMNS = [
    Column("What goes with failing", grow=5),
    Column("Of failing", number=True),
    Column("Of passing", number=True),
    Column("A failing one", number=True),
    Column("A passing one", number=True),
]
LIMITS = (
    "It says what goes together, not what causes what: what lies behind the cause goes with failing, too. "
    "One in twenty of what is listed may be chance."
)
NOTHING = (
    "Nothing of it goes with failing more than chance would have it: no agent, tool, model, version or call."
)
ALIKE_MAX = 4


def cause_table(compared: RootComparison) -> Table:
    """Return the causes as rows that lead to a failing trace with it, the strongest first."""
    rows = [_row(cause, compared) for cause in compared.causes]
    return Table(f"What goes with failing of {compared.root}", COLUMNS, rows)


def is_enough(compared: RootComparison, found: RootComparisons) -> bool:
    """Tell whether there are enough traces to compare."""
    return compared.failing >= found.failing_min and compared.passing >= found.passing_min


def against(compared: RootComparison) -> str:
    """Return how many were compared: `12 failing against 188 passing traces`."""
    return f"{count(compared.failing)} failing against {counted(compared.passing, 'passing trace')}"


def too_few(some: Sequence[RootComparison], found: RootComparisons) -> str:
    """Return what is said of roots with too few traces to compare; '' without any."""
    if not some:
        return ""
    known = [f"{shortened(each.root) or '(no name)'}: {against(each)}" for each in some]
    return (
        f"Too few to compare, for it takes {found.failing_min} failing and {found.passing_min} passing: "
        f"{'; '.join(known)}."
    )


def _row(cause: RootCause, compared: RootComparison) -> Row:
    first = cause.failing_example or cause.passing_example or ""
    return Row(
        id=first,
        href=trace_address(first) if first else "",
        cells=[
            Cell(_what(cause), note=_alike(cause), hint=_alike(cause) or _what(cause)),
            _share(cause.failing_with, compared.failing, "attention"),
            _share(cause.passing_with, compared.passing, "quiet"),
            _example(cause.failing_example),
            _example(cause.passing_example),
        ],
    )


def _what(cause: RootCause) -> str:
    return f"{'without ' if cause.is_missing else ''}{cause.sort} {cause.name}"


def _alike(cause: RootCause) -> str:
    return f"cannot be told apart from {listed(cause.alike, ALIKE_MAX)}" if cause.alike else ""


def _share(number: int, of: int, tone: Tone) -> Cell:
    share = number / of if of else 0.0
    return Cell(f"{count(number)} of {count(of)}", sort=share, share=share, share_tone=tone)


def _example(trace_id: str | None) -> Cell:
    if not trace_id:
        return Cell(UNKNOWN)
    return Cell(trace_id[:8], hint=trace_id, pick=trace_id, href=trace_address(trace_id))
