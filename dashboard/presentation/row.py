"""Rows of a table that leads somewhere; drawn by `components/rows.py`."""

from dataclasses import dataclass, field

from dashboard.presentation.tone import Tone


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `grow` is its share of the width that is left over, 0 for as wide as its text."""

    label: str
    grow: int = 0
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    Parameters
    ----------
    note
        A second, quieter line.
    badge
        Shows the text as a badge in this tone.
    hint
        Shown when pointed at.
    sort
        What the column sorts by instead of the text.
    share
        From 0 to 1: drawn as a bar below the text, in `share_tone`.
    pick, href
        What a click on this cell gives in place of its row's id, and where its link leads.
    """

    text: str
    note: str = ""
    badge: Tone | None = None
    hint: str = ""
    sort: float | None = None
    share: float | None = None
    share_tone: Tone = "quiet"
    pick: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; a click on it opens `href`, relative to the page."""

    id: str
    href: str
    cells: list[Cell]
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, with a caption for those who cannot see it."""

    caption: str
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
