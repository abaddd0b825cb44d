"""Words that came and went: found in stored texts, where the hashes of all texts say so too."""

import numpy as np

from analytics.drift.text import HASHES, hashes
from analytics.drift.words import Side, changed_words, text_of

USUAL = ("the order is with the courier", "your parcel comes on monday", "it was sent from the store")
REFUSAL = "sorry, nothing of the kind"


def side(texts: list[str], *, a_trace: int = 1, hashed: list[str] | None = None) -> Side:
    counted = np.zeros(HASHES)
    for one in texts if hashed is None else hashed:
        counted[hashes(one)] += 1
    traces = -(-len(texts) // a_trace)
    sample = [text_of(str(number // a_trace), one) for number, one in enumerate(texts)]
    return Side(counted, len(texts), traces, sample)


def usual(many: int) -> list[str]:
    return [f"{USUAL[number % 3]} {number}" for number in range(many)]


def test_a_word_that_came_is_told_with_its_shares_and_an_example() -> None:
    after = [*usual(90), *[REFUSAL] * 10]

    came, went = changed_words(side(usual(500)), side(after))

    (one,) = [word for word in came if word.term == "sorry"]
    assert (one.before, one.after) == (0.0, 0.1)
    assert after[one.example] == REFUSAL
    assert went == []


def test_a_word_that_went_is_told() -> None:
    came, went = changed_words(side([*usual(400), *[REFUSAL] * 60]), side(usual(200)))

    assert came == []
    assert "sorry" in {word.term for word in went}


def test_a_pair_whose_word_was_told_is_not() -> None:
    came, _ = changed_words(side(usual(500)), side([*usual(80), *[REFUSAL] * 20]))

    words = [word for one in came for word in one.term.split()]
    assert len(words) == len(set(words))


def test_texts_that_are_alike_have_no_words() -> None:
    assert changed_words(side(usual(300)), side(usual(200))) == ([], [])
    assert changed_words(side([]), side(usual(200))) == ([], [])


def test_what_one_trace_says_again_and_again_is_not_told() -> None:
    after = side([*usual(90), *["Anna lives there"] * 10], a_trace=10)

    assert changed_words(side(usual(500)), after) == ([], [])


def test_what_the_hashes_of_all_texts_do_not_say_is_not_told() -> None:
    after = side([*usual(90), *[REFUSAL] * 10], hashed=usual(100))

    assert changed_words(side(usual(500)), after) == ([], [])


def test_a_word_without_end_is_not_told() -> None:
    came, _ = changed_words(side(usual(500)), side([*usual(80), *["a" * 5_000] * 20]))

    assert all(len(one.term) <= 60 for one in came)
