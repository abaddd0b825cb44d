"""Sketches of two windows: how often healthy ones are said to differ, and what is said of those that do."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import chi2

from analytics.drift.contents import Contents, contrast, matched_contents, wanting, whitening_within
from analytics.drift.sketch_reference import SIZE
from analytics.drift.stretches import by_stretches, days, parts
from analytics.drift.two_contents import moved_content, tells_days

MONDAY_H = 473_352
DAY_H = 24
PER_HOUR = 25


def window(sketches: np.ndarray, slot: np.ndarray, start: int, end: int) -> Contents:
    some = (slot >= start) & (slot < end)
    sums = np.zeros((end - start, SIZE))
    np.add.at(sums, slot[some] - start, sketches[some])
    texts = np.bincount(slot[some] - start, minlength=end - start).astype(float)
    hours = MONDAY_H + np.arange(start, end, dtype=float)
    return Contents(hours, texts, sums, sketches[some].T @ sketches[some])


def two(
    seed: int,
    many: int = 7,
    *,
    shift: float = 0.0,
    wander: float = 0.0,
    at_night: float = 0.0,
    n: np.ndarray | None = None,
) -> tuple[Contents, Contents]:
    """Two windows of so many days; in one direction each something is done, in another one all moves."""
    rng = np.random.default_rng(seed)
    length = many * DAY_H
    n = rng.poisson(PER_HOUR, 2 * length) if n is None else n
    slot = np.repeat(np.arange(2 * length), n)
    sketches = rng.normal(0, 1, (len(slot), SIZE))
    stays = np.exp(-1 / 24)
    level = lfilter([1], [1, -stays], rng.normal(0, wander * np.sqrt(1 - stays**2), 2 * length))
    sketches[:, 0] += level[slot]
    sketches[:, 1] += at_night * (slot % DAY_H < 8)
    sketches[slot >= length] += shift / np.sqrt(SIZE)
    return window(sketches, slot, 0, length), window(sketches, slot, length, 2 * length)


def taken_for_independent(first: Contents, second: Contents) -> float:
    found = contrast(*matched_contents(first, second), whitening_within(first, second))
    return float(chi2.sf(found.size @ found.size / (found.pull**2 / found.texts).sum(), SIZE))


@pytest.mark.parametrize("wander", [0.0, 0.4])
def test_healthy_windows_seldom_differ(wander: float) -> None:
    """Of 60 at .05 three are expected; nine would be chance once in 400."""
    assert sum(moved_content(*two(seed, wander=wander)).p <= 0.05 for seed in range(60)) < 9


def test_topics_that_wander_would_fool_a_test_that_takes_texts_for_independent() -> None:
    """What the test above cannot be passed with."""
    assert sum(taken_for_independent(*two(seed, wander=0.4)) <= 0.05 for seed in range(20)) > 8


@pytest.mark.parametrize("shift", [0.3, 1.0])
def test_a_shift_of_all_directions_at_once_is_found_and_measured(shift: float) -> None:
    found = moved_content(*two(1, shift=shift))

    assert found.p < 0.001
    assert found.distance == pytest.approx(shift, abs=0.1)


def test_windows_change_places_and_nothing_else_changes() -> None:
    first, second = two(2, shift=0.2)

    assert moved_content(first, second) == pytest.approx(moved_content(second, first), rel=1e-6)


def test_other_units_change_nothing() -> None:
    first, second = two(3, shift=0.2)
    finer = [replace(one, sums=9 * one.sums, products=81 * one.products) for one in (first, second)]

    assert moved_content(*finer) == pytest.approx(moved_content(first, second), rel=1e-6)


def test_more_texts_at_night_are_no_difference_where_nights_are_about_something_else() -> None:
    length = 7 * DAY_H
    n = np.full(2 * length, PER_HOUR)
    n[length:][np.arange(length) % DAY_H < 8] *= 4

    found = moved_content(*two(4, at_night=2.0, n=n))

    assert found.p > 0.05
    assert found.distance < 0.1


def test_one_day_tells_less_than_its_hours_do_for_days_may_differ() -> None:
    of_a_day, of_a_week = (
        moved_content(*two(5, many, shift=0.5, n=np.full(48 * many, 100))) for many in (1, 7)
    )

    assert of_a_day.p > 0.01
    assert of_a_week.p < 0.001


@pytest.mark.parametrize(("many", "told"), [(1, False), (2, False), (7, True)])
def test_whether_days_differ_is_told_from_three_days_a_side_on(many: int, told: bool) -> None:  # noqa: FBT001
    assert tells_days(*matched_contents(*two(6, many))) is told


def test_variances_of_independent_texts_are_alike_by_whatever_stretches() -> None:
    totals = []
    for seed in range(20):
        found = contrast(*matched_contents(*two(seed)), whitening_within(*two(seed)))
        expected = SIZE * (found.pull**2 / found.texts).sum()
        stretches = (parts(found, 48), days(found), parts(found, 4), parts(found, 2))
        totals.append([by_stretches(found, one).total / expected for one in stretches])

    assert np.mean(totals, axis=0) == pytest.approx(np.ones(4), abs=0.1)


def test_texts_of_one_trace_that_are_alike_count_as_fewer() -> None:
    rng = np.random.default_rng(7)
    length = 7 * DAY_H
    slot = np.repeat(np.arange(2 * length), 5)
    # five traces an hour, of five texts that have most in common
    sums = 5 * rng.normal(0, 0.8, (len(slot), SIZE)) + rng.normal(0, 0.6 * np.sqrt(5), (len(slot), SIZE))
    whole = [
        Contents(
            MONDAY_H + np.arange(start, start + length, dtype=float),
            np.full(length, 25.0),
            np.stack([sums[slot == hour].sum(0) for hour in range(start, start + length)]),
            25 * length * np.eye(SIZE),
        )
        for start in (0, length)
    ]

    assert moved_content(*whole).p > 0.05
    assert taken_for_independent(whole[0], whole[1]) < 1e-6


@pytest.mark.parametrize("one", [np.linspace(-1, 1, SIZE), np.ones(SIZE), np.zeros(SIZE)])
def test_the_same_text_always_is_no_difference(one: np.ndarray) -> None:
    """Also where its sums leave no variance at all, of which nothing can be divided."""
    texts, hours = np.full(7 * DAY_H, 25.0), np.arange(7.0 * DAY_H)
    first = Contents(MONDAY_H + hours, texts, texts[:, None] * one, texts.sum() * np.outer(one, one))
    second = replace(first, hours=first.hours + 7 * DAY_H)

    found = moved_content(first, second)

    assert found.p == pytest.approx(1)
    assert found.distance == pytest.approx(0, abs=1e-3)


def test_hours_without_their_like_do_not_count() -> None:
    first, second = two(8, 1)
    weekend = replace(second, hours=first.hours + 5 * DAY_H)

    assert wanting(*matched_contents(first, weekend)) is not None
    assert wanting(*matched_contents(first, second)) is None
