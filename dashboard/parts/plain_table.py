"""A table that leads nowhere."""

from collections.abc import Sequence

from dashboard.parts.markup import Html, element


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """Return rows under columns; the first cell of a row is its name."""
    head = element("tr", *(element("th", column, scope="col") for column in columns))
    body = [
        element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest))
        for first, *rest in rows
    ]
    table = element("table", element("thead", head), element("tbody", *body), kind="dd-table")
    return element("div", table, kind="dd-table-frame")
