"""The e-detector: the same whatever order, batches or stops its buckets come in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drift.budget import alarms_per_hour, log_threshold
from analytics.drift.detector import fresh, log_prior, mixture, run, since_known_change
from analytics.drift.evidence import log_e
from analytics.drift.fleet_list import listed
from analytics.drift.merging import merge_factor, merged
from analytics.drift.reference import Reference, fit, padded
from analytics.drift.scores import category_scores, numeric_scores
from analytics.drift.state import pack, unpack
from analytics.drift.table import ScoreTable

LEARNED, LOOKED = 24 * 14, 24 * 5
HOURS = 400_000 + 0.5 + np.arange(LEARNED + LOOKED)


def series(number: int, per_hour: float = 40, *, slower: float = 1.0) -> np.ndarray:
    """Counts of 30 bins in each hour; slower from the reference's end on."""
    rng = np.random.default_rng(number)
    n = rng.poisson(per_hour, len(HOURS))
    slot = np.repeat(np.arange(len(HOURS)), n)
    values = rng.normal(15, 3, len(slot)) + (slower - 1) * 15 * (slot >= LEARNED)
    return np.stack([np.bincount(slot[np.rint(values) == one], minlength=len(HOURS)) for one in range(30)], 1)


def learned(many: list[np.ndarray]) -> tuple[Reference, np.ndarray, np.ndarray]:
    """The reference of these series, and the sums and spans of all of their hours."""
    scores = [numeric_scores(np.arange(30), one[:LEARNED].sum(0)) for one in many]
    each = [score.sums(np.arange(30), one) for score, one in zip(scores, many, strict=True)]
    sums = padded(each, max(len(one.names) for one in scores))
    n = np.stack([one.sum(1) for one in many], 1).astype(float)
    return fit(scores, HOURS[:LEARNED], sums[:LEARNED], n[:LEARNED]), sums, n


def looked(many: list[np.ndarray]) -> np.ndarray:
    reference, sums, n = learned(many)
    evidence = log_e(reference, HOURS[LEARNED:], sums[LEARNED:], n[LEARNED:])
    return run(fresh(reference), evidence, reference.buckets, log_prior(reference))[1]


def test_a_shift_is_found_and_what_is_healthy_is_left_alone() -> None:
    path = looked([series(1, slower=1.2), series(2)])
    threshold = log_threshold(2, 1, alarms_per_hour("one a year"))

    assert (path[:, 0] >= threshold).any()
    assert not (path[:, 1] >= threshold).any()


def test_the_order_of_series_does_not_matter() -> None:
    many = [series(1), series(2, 5), series(3, slower=1.1)]

    assert np.allclose(looked(many), looked(many[::-1])[:, ::-1])


def test_a_series_is_judged_alike_alone_and_among_others() -> None:
    assert np.allclose(looked([series(1), series(3)])[:, 1], looked([series(3)])[:, 0])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, LOOKED))
def test_a_state_that_was_stored_and_resumed_equals_one_that_never_stopped(stop: int) -> None:
    reference, sums, n = learned([series(1, slower=1.05)])
    evidence = log_e(reference, HOURS[LEARNED:], sums[LEARNED:], n[LEARNED:])
    prior = log_prior(reference)
    whole, path = run(fresh(reference), evidence, reference.buckets, prior)

    state, _ = run(fresh(reference), evidence[:stop], reference.buckets, prior)
    resumed = unpack(pack(state[0]), state.shape[1:])
    assert resumed is not None
    after, rest = run(resumed[None], evidence[stop:], reference.buckets, prior)

    assert np.allclose(after, whole, atol=1e-4)
    assert np.allclose(rest, path[stop:], atol=1e-4)


@pytest.mark.parametrize("packed", [b"", b"\0" * 3, np.full(12, np.nan, "<f4").tobytes(), b"\xff" * 48])
def test_a_state_that_is_broken_is_none(packed: bytes) -> None:
    assert unpack(packed, (1, 2, 6)) is None


def test_the_state_of_a_numeric_series_is_small() -> None:
    reference, *_ = learned([series(1)])

    assert len(pack(fresh(reference)[0])) < 500


@given(st.integers(1, 24), st.integers(1, 5))
def test_merging_is_the_same_in_one_go_and_in_two(first: int, second: int) -> None:
    counts = np.random.default_rng(0).poisson(3, (first * second * 7, 4))

    assert np.array_equal(merged(merged(counts, first), second), merged(counts, first * second))


def test_merging_loses_no_span() -> None:
    counts = np.random.default_rng(0).poisson(3, (48, 4))

    assert merged(counts, 24).sum() == counts.sum()
    assert merge_factor(np.full(10, 30)) == 1
    assert merge_factor(np.zeros(10)) == 24


def test_the_table_of_many_series_gives_what_each_gives_alone() -> None:
    numeric = [
        numeric_scores(np.arange(5, 9), np.array([5, 9, 0, 7])),
        numeric_scores(np.arange(2), np.ones(2)),
    ]
    mixed = [*numeric, category_scores(np.array([2, 40]), np.array([70, 30]), ["a", "b"])]
    for scores in (numeric, mixed):
        ids = np.array([-7, 2, 5, 6, 8, 40, 2500])
        counts = np.arange(1.0, 8.0)
        number = np.repeat(np.arange(len(scores)), len(ids))

        sums, n = ScoreTable(scores).sums(number, np.tile(ids, len(scores)), np.tile(counts, len(scores)))

        for place, one in enumerate(scores):
            assert np.allclose(sums[place, : len(one.names)], one.sums(ids, counts[None])[0], atol=1e-5)
            assert n[place] == counts.sum()


def test_a_known_change_needs_less_evidence_than_one_that_may_begin_at_any_time() -> None:
    reference, sums, n = learned([series(3, slower=1.1)])
    evidence = log_e(reference, HOURS[LEARNED:], sums[LEARNED:], n[LEARNED:])
    prior = log_prior(reference)

    known = since_known_change(evidence, prior)[:, 0]
    unknown = run(fresh(reference), evidence, reference.buckets, prior)[1][:, 0]
    at = log_threshold(2000, 1, alarms_per_hour("one a month"))

    assert np.argmax(known >= np.log(100)) < np.argmax(unknown >= at)


@pytest.mark.parametrize("per_hour", [0, 0.02, 3000])
def test_series_of_any_rate_give_numbers(per_hour: float) -> None:
    counts = series(5, per_hour)
    counts[0, 3] = 1

    assert np.isfinite(looked([counts])).all()


def test_a_series_that_is_only_ever_one_bin_gives_numbers_and_finds_another() -> None:
    counts = np.zeros((len(HOURS), 30))
    counts[:LEARNED, 4] = 20
    counts[LEARNED:, 5] = 20
    path = looked([counts])

    assert np.isfinite(path).all()
    assert path.max() > log_threshold(1000, 1, alarms_per_hour("one a month"))


def test_evidence_of_nothing_is_nothing() -> None:
    reference, *_ = learned([series(1)])

    assert np.isneginf(mixture(fresh(reference), log_prior(reference))).all()


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("at most one false drift alarm a month", 730.5),
        ("2 per week", 84),
        ("One alarm every 3 days", 72),
        ("0.5 a year", 17532),
    ],
)
def test_a_budget_is_said_in_words(words: str, hours: float) -> None:
    assert 1 / alarms_per_hour(words) == pytest.approx(hours)


@pytest.mark.parametrize("words", ["", "never", "some alarms", "0 a month", "one " * 5000])
def test_a_budget_that_says_nothing_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="alarm"):
        alarms_per_hour(words)


def test_more_series_share_the_same_budget() -> None:
    at = [log_threshold(many, 1, 0.001) for many in (1, 10, 100)]

    assert np.allclose(np.diff(at), np.log(10))


def test_the_list_is_longer_where_more_has_drifted() -> None:
    alone, together = (np.array([9.0, *([8.0] * many), *([0.0] * (9 - many))]) for many in (0, 5))

    assert listed(alone, np.ones(10), 0.002).tolist() == [0]
    assert listed(together, np.ones(10), 0.002).tolist() == list(range(6))
    assert not len(listed(np.full(10, -np.inf), np.ones(10), 0.002))
