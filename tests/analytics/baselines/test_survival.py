"""The curve agrees with scipy's on raw durations, and with what is known of simulated streams."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from analytics.baselines.survival import BIN_RATIO, bin_of, conformal_level, survival, upper_s
from tests.analytics.baselines.durations import bins_of, curve

observations = st.lists(st.tuples(st.floats(0.001, 1e5), st.booleans()), min_size=1, max_size=60).filter(
    lambda pairs: any(ended for _, ended in pairs)
)


@given(observations)
def test_the_curve_is_scipys_kaplan_meier_of_the_binned_durations(pairs: list[tuple[float, bool]]) -> None:
    durations_s, ended = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    edges = bins_of(durations_s).astype(float)
    expected = stats.ecdf(stats.CensoredData(uncensored=edges[ended], right=edges[~ended])).cdf

    ours = curve(durations_s, ended)

    share = ours.ended_share * (1 - (ours.loss_rate or 0))
    np.testing.assert_allclose(share, expected.evaluate(ours.bins.astype(float)), atol=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_a_quantile_is_never_below_that_of_the_raw_durations_and_at_most_a_bin_above(level: float) -> None:
    random = np.random.default_rng(20)
    durations_s = random.lognormal(math.log(10), 1.5, 5_000)
    cut_s = random.exponential(500, 5_000)
    ended = durations_s <= cut_s
    seen_s = np.minimum(durations_s, cut_s)
    raw = stats.ecdf(stats.CensoredData(uncensored=seen_s[ended], right=seen_s[~ended])).cdf

    ours = curve(seen_s, ended)

    raw_s = raw.quantiles[np.searchsorted(raw.probabilities, level * raw.probabilities.max())]
    assert raw_s <= ours.quantile_s(level) <= raw_s * BIN_RATIO


def stream(
    window_s: float, *, never: float = 0.0, seed: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return true durations, what was seen of them, and what ended; 50 a second, median 10 s, q95 118 s."""
    random = np.random.default_rng(seed)
    n = int(50 * window_s)
    start_s = random.uniform(0, window_s, n)
    true_s = random.lognormal(math.log(10), 1.5, n)
    true_s[random.random(n) < never] = math.inf
    return true_s, np.minimum(true_s, window_s - start_s), start_s + true_s <= window_s


@pytest.mark.parametrize(
    ("window_s", "finished_only_s", "censored_s"),
    [(60, 30, None), (300, 71, 118), (1_800, 106, 118)],
)
def test_finished_spans_alone_give_short_limits_and_the_curve_does_not(
    window_s: float, finished_only_s: float, censored_s: float | None
) -> None:
    """`reference/detectors.md` 0.6; in a window of a minute nothing is known of the second."""
    _, seen_s, ended = stream(window_s)

    q95_s = curve(seen_s, ended).quantile_s(0.95)

    assert np.quantile(seen_s[ended], 0.95) == pytest.approx(finished_only_s, rel=0.05)
    assert q95_s == (None if censored_s is None else pytest.approx(censored_s, rel=0.06))


def test_what_never_ends_is_the_loss_rate_and_leaves_the_quantiles_alone() -> None:
    true_s, seen_s, ended = stream(14_400, never=0.02)

    ours = curve(seen_s, ended)
    raw = stats.ecdf(stats.CensoredData(uncensored=seen_s[ended], right=seen_s[~ended])).cdf

    assert raw.probabilities.max() < 0.99
    assert ours.loss_rate == pytest.approx(0.02, abs=0.004)
    assert ours.quantile_s(0.99) == pytest.approx(np.quantile(true_s[np.isfinite(true_s)], 0.99), rel=0.1)


def test_a_tail_that_was_not_watched_is_not_taken_for_loss() -> None:
    """One in twelve takes an hour; after three minutes nobody can know that."""
    random = np.random.default_rng(3)
    start_s = random.uniform(0, 180, 4_000)
    true_s = np.where(random.random(4_000) < 1 / 12, 3_600, random.lognormal(math.log(20), 0.5, 4_000))
    seen_s, ended = np.minimum(true_s, 180 - start_s), start_s + true_s <= 180

    ours = curve(seen_s, ended)

    assert ours.loss_rate is None
    assert ours.threshold_s(0.01) is None


@pytest.mark.parametrize(("open_n", "is_loss"), [(20, True), (100, False)])
def test_loss_is_one_in_twenty_at_most(open_n: int, *, is_loss: bool) -> None:
    ours = curve([1.0] * 800 + [900.0] * open_n, [True] * 800 + [False] * open_n)

    assert (ours.loss_rate is not None) == is_loss
    assert (ours.threshold_s(0.01) is not None) == is_loss


@pytest.mark.parametrize("n", [99, 100, 199, 1_000, 10_000])
def test_a_new_value_exceeds_the_conformal_threshold_with_probability_alpha_at_most(n: int) -> None:
    level = conformal_level(n, alpha=0.01)

    assert level is not None
    # By exchangeability a new value exceeds the k-th of n with probability 1 - k / (n + 1).
    assert 1 - level * n / (n + 1) <= 0.01 + 1e-12


@pytest.mark.parametrize("n", [0, 1, 98])
def test_fewer_than_99_durations_give_no_threshold(n: int) -> None:
    assert curve([1.0] * n, [True] * n).threshold_s(0.01) is None


@given(observations)
def test_the_order_of_observations_does_not_matter(pairs: list[tuple[float, bool]]) -> None:
    orders = (pairs, sorted(pairs))

    first, second = (curve([p[0] for p in some], [p[1] for p in some]) for some in orders)

    np.testing.assert_array_equal(first.ended_share, second.ended_share)


@given(observations, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_share_never_takes_less_time(
    pairs: list[tuple[float, bool]], first: float, second: float
) -> None:
    ours = curve([p[0] for p in pairs], [p[1] for p in pairs])
    low, high = (ours.quantile_s(level) for level in sorted((first, second)))

    assert high is None or (low is not None and low <= high)


def test_surprise_grows_with_age_and_is_capped_at_what_n_supports() -> None:
    ours = curve(np.linspace(1, 2, 999), [True] * 999)

    assert ours.surprise(0.5) == 0
    assert 0.2 < ours.surprise(1.5) < 0.4
    assert ours.surprise(1e9) == pytest.approx(3)


@given(st.floats(0, 1e9))
def test_a_bin_holds_its_duration(duration_s: float) -> None:
    upper = upper_s(bin_of(duration_s))

    assert max(duration_s, 0.001) <= upper * (1 + 1e-9) <= max(duration_s, 0.001) * BIN_RATIO * (1 + 2e-9)


def test_nothing_observed_answers_nothing() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    empty = survival(nothing, nothing, nothing)

    assert (empty.quantile_s(0.5), empty.threshold_s(0.01), empty.loss_rate) == (None, None, None)
    assert empty.surprise(10) == 0
