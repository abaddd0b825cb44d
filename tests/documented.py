"""The metrics that docs/operations.md lists."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "operations.md"
_ROW = re.compile(r"^\| `(doldrums_[a-z_]+)", re.MULTILINE)


def documented_metrics() -> set[str]:
    """Return the names in the tables, as a query writes them."""
    return set(_ROW.findall(PAGE.read_text(encoding="utf-8")))
