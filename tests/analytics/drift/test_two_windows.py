"""Two windows of invented series: how often they are said to differ, and what is said of them."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from analytics.drift.matched import CALLS_MIN, Counted, Matched, matched
from analytics.drift.two_windows import moved
from bench.drift.compared import Case, p_value
from bench.drift.families import START_H, Change, Counts, invent

DAY_H = 24


def counted(one: Counts, start: int, length: int) -> Counted:
    hours = START_H + np.arange(start, start + length, dtype=np.float64)
    return Counted(hours, one.counts[start : start + length].astype(np.float64))


def two(family: str, days: int, change: tuple[str, float] | None = None, seed: int = 1) -> Matched:
    """A week, or so many days, and as many after them."""
    length = days * DAY_H
    what = Change(*change, length) if change else None
    one = invent(np.random.default_rng(seed), family, 100, 2 * length, change=what)
    names = [str(number) for number in one.ids] if family in ("category", "error") else []
    return matched(one.ids, names, counted(one, 0, length), counted(one, length, length))


@pytest.mark.parametrize("family", ["ar", "cluster", "category", "error"])
@pytest.mark.parametrize("days", [1, 7])
def test_healthy_windows_seldom_differ(family: str, days: int) -> None:
    """Of 60 at .05 three are expected; nine would be chance once in 400."""
    p = np.array([p_value(3, Case(family, days, 100), number) for number in range(60)])

    assert (p <= 0.05).sum() < 9


def test_a_level_that_wanders_would_fool_a_rank_test() -> None:
    """What the test above cannot be passed with."""
    fooled = 0
    for number in range(20):
        one = invent(np.random.default_rng(number), "ar", 100, 14 * DAY_H)
        assert one.values is not None
        assert one.slot is not None
        before = one.slot < 7 * DAY_H
        fooled += ks_2samp(one.values[before], one.values[~before]).pvalue <= 0.05

    assert fooled > 12


@pytest.mark.parametrize(
    ("family", "change", "name"),
    [
        ("diurnal", ("median", 0.2), "location"),
        ("diurnal", ("spread", 1.5), "scale"),
        ("category", ("moved", 0.2), None),
        ("error", ("odds_times", 5), "1"),
    ],
)
def test_a_change_is_found_and_its_score_named(family: str, change: tuple[str, float], name: str) -> None:
    found = moved(two(family, 7, change))

    assert found is not None
    assert found.p < 0.001
    assert name in (None, found.name)
    assert found.is_up or family == "category"


def test_windows_change_places_and_the_p_value_stays() -> None:
    one = two("diurnal", 7, ("median", 0.05))

    found, swapped = moved(one), moved(Matched(one.items, one.names, one.second, one.first))

    assert found is not None
    assert swapped is not None
    assert (found.p, found.is_up) == (pytest.approx(swapped.p, rel=0.05), not swapped.is_up)


def test_a_constant_has_nothing_to_compare() -> None:
    hours = np.arange(48.0)
    always = Counted(hours, np.full((48, 1), 10.0))

    assert moved(matched(np.array([700]), [], always, Counted(hours + 7 * DAY_H, always.counts))) is None


def test_a_weekend_is_not_compared_with_other_days() -> None:
    one = invent(np.random.default_rng(1), "diurnal", 100, 7 * DAY_H)

    both = matched(one.ids, [], counted(one, 48, 24), counted(one, 5 * DAY_H, 24))

    assert both.calls == (0, 0)
    assert both.wanting() == f"0 calls in the first window at hours that both have: {CALLS_MIN} are needed"


def test_of_a_few_days_the_interval_says_that_there_are_few() -> None:
    width = {}
    for days in (1, 7):
        shift = two("diurnal", days, ("median", 0.2)).shift()
        assert shift.low[2] < shift.after[2] - shift.before[2] < shift.high[2]
        width[days] = (shift.high[2] - shift.low[2]) / shift.before[2]

    assert width[1] > 2 * width[7] > 0.02
