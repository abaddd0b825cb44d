"""Bars on a line from the beginning of a time range to now."""

from collections.abc import Sequence

from dashboard.parts.markup import Html, element
from dashboard.presentation.past import Bar


def time_line(bars: Sequence[Bar], begin: str) -> Html:
    """Return bars on one line.

    Parameters
    ----------
    begin
        What stands at its left end; at its right stands now.
    """
    marks = [
        element(
            "i",
            kind="dd-bar dd-is-open" if bar.is_open else "dd-bar",
            style=f"left:{bar.left:.2%};width:{bar.width:.2%}",
            title=bar.hint,
        )
        for bar in bars
    ]
    ends = element("div", element("span", begin), element("span", "now"), kind="dd-ends dd-quiet")
    return element("div", element("div", *marks, kind="dd-lane"), ends, kind="dd-timeline")
