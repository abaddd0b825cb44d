"""What is told of an alarm: when, how much, and whether it is mix or behaviour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.drift.change_time import Bet, change_time, explained, winner
from analytics.drift.detector import fresh, log_prior, run
from analytics.drift.effect import LEVELS, quantile_shift, share_shift
from analytics.drift.evidence import log_e
from analytics.drift.pooling import RANKS, ranked
from analytics.drift.scores import numeric_scores
from tests.analytics.drift.test_detector import HOURS, LEARNED, learned, series

MEDIAN = int(np.flatnonzero(LEVELS == 0.5)[0])


def test_a_shift_upwards_is_told_as_one_since_it_began() -> None:
    reference, sums, n = learned([series(3, slower=1.15)])
    evidence = log_e(reference, HOURS[LEARNED:], sums[LEARNED:], n[LEARNED:])
    state, _ = run(fresh(reference), evidence, reference.buckets, log_prior(reference))

    name, direction, when = explained(
        reference, 0, HOURS[LEARNED - 48 :], sums[LEARNED - 48 :], n[-168:], state
    )

    assert (name, direction) == ("location", 1)
    assert abs(when.bucket - 48) <= 2
    assert when.first <= when.bucket <= when.last


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
def test_the_interval_of_a_change_holds_its_estimate(evidence: list[float]) -> None:
    when = change_time(np.array(evidence))

    assert 0 <= when.first <= when.bucket <= when.last < len(evidence)


def test_the_winner_holds_most_of_the_evidence() -> None:
    state = np.full((3, 2, 6), -np.inf)
    state[2, 1, 4] = 3.0

    assert winner(state) == Bet(2, 1, 4)


def test_a_doubled_latency_is_told_in_its_own_unit() -> None:
    rng = np.random.default_rng(1)
    bins = np.arange(700, 790)
    reference = rng.multinomial(100, np.full(30, 1 / 30), size=LEARNED)
    reference = np.hstack([reference, np.zeros((LEARNED, 60))]).astype(float)
    window = np.roll(reference[:24], 35, axis=1)  # 1.02 ** 35 = 2

    shift = quantile_shift(bins, reference, HOURS[:LEARNED], window, HOURS[LEARNED : LEARNED + 24])

    assert shift.after[MEDIAN] / shift.before[MEDIAN] == pytest.approx(2, rel=0.03)
    assert shift.low[MEDIAN] <= shift.before[MEDIAN] <= shift.high[MEDIAN]
    assert shift.greater == pytest.approx(1)


def test_an_hour_of_a_sunday_is_no_more_certain_for_there_being_one_saturday_before_it() -> None:
    thursday = 24.0 * 7 * 2_944
    hours = thursday + np.arange(3 * 24) + 0.5
    reference = np.random.default_rng(2).multinomial(60, np.full(30, 1 / 30), size=len(hours)).astype(float)

    shift = quantile_shift(np.arange(700, 730), reference, hours, reference[:1], hours[-4:-3] + 24)

    assert shift.low[MEDIAN] < 0 < shift.high[MEDIAN]


def test_a_window_of_a_night_is_compared_with_nights() -> None:
    hours = np.floor(HOURS[:LEARNED])
    night = hours % 24 < 6
    reference = np.where(night[:, None], [90.0, 10.0], [10.0, 90.0])
    window_h = HOURS[LEARNED : LEARNED + 24]
    at_night = np.floor(window_h) % 24 < 6
    window = np.repeat([[90.0, 10.0]], at_night.sum(), axis=0)

    shift = share_shift(reference, HOURS[:LEARNED], window, window_h[at_night])

    assert np.allclose(shift.before, shift.after)
    assert (shift.low <= 0).all()
    assert (shift.high >= 0).all()


def test_a_window_whose_hours_the_reference_lacks_is_compared_with_all_of_it() -> None:
    shift = share_shift(np.ones((3, 2)), np.arange(3) + 0.5, np.ones((2, 2)), np.arange(2) + 12.5)

    assert np.isfinite([shift.before, shift.after, shift.low, shift.high]).all()


def test_ranks_of_a_reference_are_even_and_lose_no_span() -> None:
    counts = np.array([5.0, 0.0, 100.0, 20.0, 75.0])
    scores = numeric_scores(np.arange(5), counts)

    ranks = ranked(scores, np.arange(5), np.stack([counts, [0, 9, 0, 0, 0]]))

    assert np.allclose(ranks[0], 1)
    assert ranks.shape == (2, RANKS)
    assert ranks[1].sum() == pytest.approx(9)
