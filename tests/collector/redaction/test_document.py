"""The page of redaction says what the rules say."""

from pathlib import Path

from collector.redaction.document import page

PAGE = Path(__file__).parents[3] / "docs" / "redaction.md"


def test_the_page_is_written_from_the_rules() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
