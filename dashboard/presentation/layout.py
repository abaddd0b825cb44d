"""Where boxes of a drawing stand.

Across, places are columns, from 0; down, pixels to a box's middle. How wide a column is the browser knows.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

ROW_PX = 62.0
"""From one box to the next below it: a box of two lines, and room between."""
MARGIN_PX = 32.0
RANK_PX = 104.0
"""From one box to the next below it, where an arrow with a label leads down."""


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of a box."""

    column: float
    y_px: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Places by node, in so many columns and so high."""

    places: Mapping[str, Place]
    columns: int
    height_px: float


def settled(placed: Mapping[str, Place], columns_min: int = 1, margin_px: float = MARGIN_PX) -> Layout:
    """Return places moved so that they begin at the first column and at the upper margin.

    Parameters
    ----------
    margin_px
        From the edge to the middle of the nearest box.

    Examples
    --------
    >>> layout = settled({"a": Place(-1, 50), "b": Place(1, 112)})
    >>> layout.places["a"], layout.columns, layout.height_px
    (Place(column=0, y_px=32.0), 3, 126.0)
    """
    across = [place.column for place in placed.values()] or [0]
    down = [place.y_px for place in placed.values()] or [0]
    left, top_px = min(across), min(down) - margin_px
    return Layout(
        {node: Place(place.column - left, round(place.y_px - top_px, 1)) for node, place in placed.items()},
        max(round(max(across) - left) + 1, columns_min),
        round(max(down) + margin_px - top_px, 1),
    )


def leads_round(layout: Layout, source: str, target: str) -> bool:
    """Tell whether an arrow leads elsewhere than to the next column: a straight one might cross a box."""
    return layout.places[target].column - layout.places[source].column != 1


def turned(layout: Layout, columns_max: int) -> Layout | None:
    """Return the columns as rows, from above; None where more than `columns_max` boxes stand in one.

    Examples
    --------
    >>> layout = turned(settled({"a": Place(0, 0), "b": Place(0, 62), "c": Place(1, 31)}), 2)
    >>> layout.places["c"], layout.columns
    (Place(column=0.5, y_px=136.0), 2)
    """
    rows: defaultdict[float, list[str]] = defaultdict(list)
    for node, place in sorted(layout.places.items(), key=lambda known: known[1].y_px):
        rows[place.column].append(node)
    most = max(map(len, rows.values()), default=0)
    if most > columns_max:
        return None
    places = {
        node: Place(
            (most - len(rows[place.column])) / 2 + rows[place.column].index(node), place.column * RANK_PX
        )
        for node, place in layout.places.items()
    }
    return settled(places)
