"""Rows that lead somewhere."""

from dataclasses import asdict

from dashboard.components.registry import component
from dashboard.presentation.row import Table

HTML = "<table></table>"


def rows(table: Table, *, key: str) -> str:
    """Draw a table; return the id of the row, or the `pick` of the cell, that was clicked on just now."""
    clicked = component("rows", HTML)(data=asdict(table), key=key, on_row_change=lambda: None)
    picks = {cell.pick for row in table.rows for cell in row.cells} | {row.id for row in table.rows}
    return clicked.row if clicked.row in picks else ""
