"""Marks in words."""

import pytest

from dashboard.wording.mark import mark


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("pending", "reported at its start"),
        ("redacted:1", "1 secret redacted"),
        ("attributes_cut:3000", "cut: there were 3,000 attributes"),
        ("logs_cut:1001", "cut: there were 1,001 log records"),
        ("of_another_version", "of_another_version"),
        ("of_another_version:7", "of_another_version:7"),
        ("redacted:many", "redacted:many"),
    ],
)
def test_a_mark_reads_as_a_sentence_would(said: str, words: str) -> None:
    assert mark(said) == words
