"""docs/conventions.md is the table, in words."""

from pathlib import Path

import pytest

from collector.conventions.document import document
from collector.conventions.table import Field, KindRule, Source, Table, table

PAGE = Path(__file__).parents[3] / "docs" / "conventions.md"


def test_the_page_is_what_is_written_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(table()), (
        "run: python -m collector.conventions.document > docs/conventions.md"
    )


def test_the_page_names_every_attribute_that_is_read() -> None:
    page = document(table())

    assert [name for name in table().attributes() if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source(key="a.b"), "`a.b`"),
        (Source(json="metadata", path=("x", "y")), "`x.y` in `metadata`"),
        (Source(event="e", key="k", path=("x",)), "`x` in `k` of the span event `e`"),
        (Source(sum=("a", "b"), has=("c",)), "`a` + `b`, where there is `c`"),
        (Source(name="^run (.+)$", kinds=("agent", "tool")), (
            "the span's name, on `agent` and `tool` spans, the part in brackets of `^run (.+)$`"
        )),
        (Source(key="k", equals={"a": "b"}, missing=("c", "d")), (
            "`k`, where `a` is `b`, where there is no `c` or `d`"
        )),
        (Source(status="message", error=True), "the message of the status, on a span in error"),
        (Source(key="k", pattern="^(W)", becomes="human"), (
            "`k`, the part in brackets of `^(W)`, read as `human`"
        )),
    ],
)  # fmt: skip
def test_a_source_is_said_in_words(source: Source, words: str) -> None:
    page = document(Table(kinds=(), fields=(Field(name="field", about="what it is", sources=(source,)),)))

    assert page.endswith(f"## field\n\nWhat it is.\n\n1. {words}\n")


def test_a_kind_is_said_in_words() -> None:
    rule = KindRule("a dialect", Source(key="k"), {"a": "llm", "b": "llm", "c": "tool"}, None)

    assert document(Table((rule,), ())).endswith(
        "1. *A dialect.* `k`: `a` or `b` → **llm**; `c` → **tool**\n"
    )
