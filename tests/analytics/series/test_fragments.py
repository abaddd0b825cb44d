"""A piece of a text around a word; the text is anybody's."""

from analytics.series.fragments import fragment
from tests.dashboard.hostile import HOSTILE


def test_a_piece_is_short_and_one_line() -> None:
    said = fragment("a\n" * 300 + "I am SORRY,\tbut no." + " b" * 300, "sorry but")

    assert "SORRY, but no." in said
    assert len(said) <= 160
    assert said.startswith("…")
    assert said.endswith("…")
    assert "\n" not in said


def test_what_is_not_there_has_none() -> None:
    assert fragment("sorrys", "sorry") == ""
    assert fragment("", "sorry") == ""


def test_what_turns_text_round_or_moves_a_cursor_is_left_out() -> None:
    said = fragment(f"\u202e\x1b[31m{HOSTILE} sorry \u200b", "sorry")

    assert not set(said) & set("\u202e\x1b\u200b\n")


def test_a_term_of_signs_is_no_pattern() -> None:
    assert fragment("a.c abc", "a.c") == "a.c abc"
    assert fragment("abc", ".*") == ""


def test_a_long_text_costs_little() -> None:
    assert fragment("! " * 5_000_000, "a b") == ""
