"""Where boxes of a drawing stand.

Across, places are columns, from 0; down, pixels to a box's middle. How wide a column is the browser knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ROW_PX = 62.0
"""From one box to the next below it: a box of two lines, and room between."""
MARGIN_PX = 32.0


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
