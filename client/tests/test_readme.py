"""The README names every attribute that the client defines."""

from pathlib import Path

import pytest
from doldrums_client import attributes

README = (Path(__file__).parents[1] / "README.md").read_text()
NAMES = sorted(value for value in vars(attributes).values() if str(value).startswith("doldrums."))


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_lists(name: str) -> None:
    assert f"| `{name}` |" in README
