"""The README names every attribute that the client defines."""

import doctest
from pathlib import Path

import pytest
from doldrums_client import attributes, processor

README = (Path(__file__).parents[1] / "README.md").read_text()
NAMES = sorted(value for value in vars(attributes).values() if str(value).startswith("doldrums."))


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_lists(name: str) -> None:
    assert f"| `{name}` |" in README


def test_the_example_of_the_processor_runs() -> None:
    assert doctest.testmod(processor).failed == 0
