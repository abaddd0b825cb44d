"""Rows that lead somewhere."""

from dataclasses import asdict

from dashboard.components.registry import component
from dashboard.presentation.row import Row, Table

HTML = "<table></table>"


def rows(table: Table, *, key: str) -> Row | None:
    """Draw a table and return the row that was clicked on just now."""
    clicked = component("rows", HTML)(data=asdict(table), key=key, on_row_change=lambda: None)
    return next((row for row in table.rows if row.id == clicked.row), None)
