"""Scores: centred, of unit variance, and indifferent to the order of categories."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.drift.scores import UNSEEN, category_scores, numeric_scores

counts = st.lists(st.integers(0, 10**9), min_size=2, max_size=60).filter(lambda some: sum(some) > 0)


@given(counts)
def test_scores_are_centred_and_polynomials_of_unit_variance(some: list[int]) -> None:
    scores = numeric_scores(np.arange(len(some)), np.array(some))

    assert np.isfinite(scores.values).all()
    assert np.abs(scores.share @ scores.values).max() < 1e-6
    assert np.allclose(scores.share @ scores.values[:, : scores.smooth] ** 2, 1)


@given(counts)
def test_categories_are_centred_whatever_was_seen(some: list[int]) -> None:
    scores = category_scores(np.arange(len(some)), np.array(some), [str(one) for one in some])

    assert np.abs(scores.share @ scores.values).max() < 1e-9
    assert scores.names[-1] == UNSEEN


def test_a_category_that_the_reference_lacks_is_unseen() -> None:
    scores = category_scores(np.array([3, 7, 9]), np.array([50, 50, 0]), ["a", "b", "c"])

    assert scores.rows(np.array([3, 7, 9, 1000])).tolist() == [0, 1, 2, 2]


def test_values_beyond_the_reference_lie_in_its_tails() -> None:
    scores = numeric_scores(np.array([10, 11, 12]), np.array([1, 98, 1]))

    assert scores.rows(np.array([-2500, 10, 2500])).tolist() == [0, 1, 4]
    assert scores.values[0, 0] <= scores.values[1, 0]


def test_of_a_constant_only_a_new_value_is_bet_on() -> None:
    scores = numeric_scores(np.array([5]), np.array([1000]))

    assert scores.names == (UNSEEN,)
    assert scores.values[scores.rows(np.array([5])), 0] < 0 < scores.values[scores.rows(np.array([6])), 0]


def test_many_that_were_seen_once_make_a_new_one_expected() -> None:
    often, once = (category_scores(np.arange(9), np.full(9, seen), list("abcdefghi")) for seen in (100, 1))

    assert often.share[-1] < 0.001
    assert once.share[-1] == 0.5


def test_two_categories_are_one_score_and_unseen() -> None:
    assert category_scores(np.arange(2), np.array([99, 1]), ["well", "failed"]).names == ["failed", UNSEEN]
