"""Picture: boxes and arrows with places; drawn by `components/picture.py`."""

from dataclasses import dataclass, field

from dashboard.presentation.ribbon import Ribbon


@dataclass(frozen=True, slots=True)
class Box:
    """A node.

    Parameters
    ----------
    column, y_px
        Where its middle is.
    note
        A second, quieter line; `since_ms`, in ms since 1970, is counted up behind it.
    tone
        ``ring``; ``behind``, which waits; ``free``, which does not. Of errors: ``failed``; ``behind``,
        which an error left; ``free``, which contained one.
    pick
        Trace, or trace and span, that a click leads to; '' where it leads nowhere.
    """

    column: float
    y_px: float
    label: str
    tone: str
    note: str = ""
    since_ms: float | None = None
    pick: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A wait or an error, from the place of one box in the list to that of another.

    Parameters
    ----------
    tone
        Of waits ``ring`` or ``queue``; of errors ``failed`` or ``contained``.
    label
        What is waited for, or how often; None where the waiter's box says it.
    since_ms
        In ms since 1970, counted up behind the label; None for what is over.
    pick, href
        What a click gives, and where the link leads; '' where it leads nowhere.
    bowed
        It leads round a ring, back, or past a column, and is drawn as a bow beside what leads the other way.
    cut
        It is the cheapest to break.
    ribbon
        Drawn in place of a line, where the width says how much flows; None for a line with a head.
    """

    source: int
    target: int
    tone: str
    label: str | None
    since_ms: float | None
    pick: str
    href: str
    hint: str
    bowed: bool
    cut: bool = False
    inferred: bool = False
    ribbon: Ribbon | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and arrows.

    Parameters
    ----------
    narrow
        Another that says less, or stands on its head, for where this one has no room.
    gap_px_min
        Between columns, which what is written on arrows needs.
    is_down
        It leads from above to below, and not from left to right.
    """

    caption: str
    columns: int
    height_px: float
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    narrow: "Picture | None" = None
    gap_px_min: int = 36
    is_down: bool = False
