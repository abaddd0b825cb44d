"""README and convention name every attribute that the client defines."""

from pathlib import Path

import pytest
from doldrums_client import attributes

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "client/README.md").read_text() + (ROOT / "docs/waits.md").read_text()
NAMES = sorted(value for value in vars(attributes).values() if str(value).startswith("doldrums."))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_lists(name: str) -> None:
    assert f"| `{name}` |" in PAGES
