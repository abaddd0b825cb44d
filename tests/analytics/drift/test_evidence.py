"""E-values: their expectation is at most one while nothing has changed, counted out exactly."""

from itertools import product
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drift.evidence import LOG_E_MAX, log_e
from analytics.drift.reference import Reference, fit
from analytics.drift.scores import Scores, category_scores, numeric_scores

HOURS = np.arange(24 * 28) + 0.5
MONDAY = np.array([4.0 * 24 + 24 * 7 * 50 + 12])


def learned(scores: Scores, shares: np.ndarray, per_hour: int) -> Reference:
    """A reference whose every bucket is exactly as expected: no noise and no season."""
    n = np.full((len(HOURS), 1), float(per_hour))
    sums = n[..., None] * (shares @ scores.values)
    return fit([scores], HOURS, sums, n)


def every_bucket(spans: int, kinds: int) -> np.ndarray:
    """Every way in which so many spans can be of these kinds."""
    return np.array([one for one in product(range(spans + 1), repeat=kinds) if sum(one) == spans])


def probabilities(buckets: np.ndarray, shares: np.ndarray) -> np.ndarray:
    spans = int(buckets[0].sum())
    ways = [factorial(spans) / prod(map(factorial, one)) for one in buckets.tolist()]
    return ways * np.prod(shares**buckets, axis=1)


def expectations(scores: Scores, shares: np.ndarray, spans: int) -> np.ndarray:
    reference = learned(scores, scores.share, 200)
    buckets = every_bucket(spans, len(shares))
    hours = np.repeat(MONDAY, len(buckets))
    found = log_e(reference, hours, (buckets @ scores.values)[:, None], buckets.sum(1)[:, None].astype(float))
    return np.tensordot(probabilities(buckets, shares), np.exp(found[:, 0]), axes=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(3, 400), min_size=2, max_size=4), st.integers(1, 6))
def test_the_expectation_of_a_categorys_e_value_is_at_most_one(counts: list[int], spans: int) -> None:
    scores = category_scores(np.arange(len(counts)), np.array(counts), [str(one) for one in counts])

    assert expectations(scores, scores.share, spans).max() <= 1 + 1e-9


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(3, 400), min_size=3, max_size=4), st.integers(1, 5))
def test_the_expectation_of_a_numbers_e_value_is_at_most_one(counts: list[int], spans: int) -> None:
    scores = numeric_scores(np.arange(len(counts)), np.array(counts))
    shares = scores.share[1:-1]
    inner = Scores(scores.ids, scores.values[1:-1], shares, scores.smooth, scores.names)

    assert expectations(inner, shares, spans).max() <= 1 + 1e-6


def test_a_shift_within_the_margin_is_not_worth_betting_on() -> None:
    scores = category_scores(np.arange(2), np.array([900, 100]), ["well", "failed"])
    shares = scores.share.copy()
    shares[0], shares[1] = shares[0] - 0.005, shares[1] + 0.005

    assert expectations(scores, shares, 12).max() <= 1


def test_a_shift_beyond_it_is() -> None:
    scores = category_scores(np.arange(2), np.array([900, 100]), ["well", "failed"])
    shares = scores.share.copy()
    shares[0], shares[1] = shares[0] - 0.1, shares[1] + 0.1

    assert expectations(scores, shares, 12).max() > 1.5


def test_no_bucket_alone_is_worth_an_alarm() -> None:
    scores = numeric_scores(np.arange(50), np.full(50, 20))
    reference = learned(scores, scores.share, 100)
    all_high = 10**6 * scores.values[-1]

    found = log_e(reference, MONDAY, all_high[None, None], np.full((1, 1), 1e6))

    assert found.max() == LOG_E_MAX


@pytest.mark.parametrize("spans", [0.0, 1.0, 1e12])
def test_evidence_is_a_number_whatever_the_counts(spans: float) -> None:
    scores = numeric_scores(np.array([-5, 0, 2500]), np.array([1, 10**9, 1]))
    reference = learned(scores, scores.share, 1)

    found = log_e(reference, MONDAY, spans * scores.values[0][None, None], np.full((1, 1), spans))

    assert np.isfinite(found).all()


def test_a_bucket_without_spans_says_nothing() -> None:
    scores = category_scores(np.arange(3), np.array([50, 30, 20]), list("abc"))
    reference = learned(scores, scores.share, 50)

    assert not log_e(reference, MONDAY, np.zeros((1, 1, len(scores.names))), np.zeros((1, 1))).any()
