"""The usual of each hour: a share as of office hours is watched like any other; clocks may be put forward."""

import numpy as np
import pytest
from scipy.special import expit, logit

from analytics.drift.baseline import SMOOTH, baseline_at, classes, fit_baseline, smooth
from analytics.drift.budget import alarms_per_hour, log_threshold
from bench.drift.families import START_H, Counts
from bench.drift.looks import Path, fitted, paths, scored

LEARNED, LOOKED = 24 * 28, 24 * 14
CLOCK = np.arange(LEARNED + LOOKED)
THRESHOLD = log_threshold(2_000, 1, alarms_per_hour("one a month"))
WEEKDAY = (CLOCK // 24) % 7 < 5
OFFICE = (CLOCK % 24 >= 9) & (CLOCK % 24 < 17) & WEEKDAY
LOOKED_AT = CLOCK >= LEARNED


def share_of(often: np.ndarray, number: int, *, odds: float = 1.0) -> Counts:
    """A tool that three in ten calls take at some hours, and one in a hundred at others."""
    rng = np.random.default_rng([11, number])
    usual = logit(np.where(often, 0.3, 0.01))
    n = rng.poisson(200, len(CLOCK))
    taken = rng.binomial(n, expit(usual + np.log(odds) * LOOKED_AT))
    return Counts(np.arange(2), np.stack([n - taken, taken], 1).astype(np.float32), n.astype(np.float64))


def looked(many: list[Counts]) -> list[Path]:
    return list(paths([scored(one, False, LEARNED) for one in many], LEARNED, pool=False))


def test_more_of_what_is_taken_in_office_hours_is_found_on_the_first_day() -> None:
    found = looked([share_of(OFFICE, number, odds=3) for number in range(4)])

    assert all(one.first(THRESHOLD) in range(9, 25) for one in found)


def test_office_hours_as_ever_are_no_drift() -> None:
    found = looked([share_of(OFFICE, number) for number in range(10)])

    assert max(one.log_m.max() for one in found) < THRESHOLD


@pytest.mark.parametrize("by_h", [1, -1])
def test_clocks_that_are_put_forward_or_back_are_no_drift(by_h: int) -> None:
    often = np.where(LOOKED_AT, np.roll(OFFICE, by_h), OFFICE)

    found = looked([share_of(often, number) for number in range(4)])

    assert max(one.log_m.max() for one in found) < THRESHOLD


def test_what_begins_three_hours_earlier_is_found() -> None:
    often = np.where(LOOKED_AT, np.roll(OFFICE, -3), OFFICE)

    found = looked([share_of(often, number) for number in range(2)])

    assert all(one.first(THRESHOLD) in range(1, 49) for one in found)


def test_the_usual_of_each_hour_is_told_without_a_wander_that_is_none() -> None:
    one = scored(share_of(OFFICE, 1), False, LEARNED)

    reference = fitted([one], [0], LEARNED, 1.0, 0.85)

    usual = baseline_at(START_H + CLOCK[:168] + 0.5, reference.noise.beta)[:, 0] + reference.share[0, 0]
    assert usual[OFFICE[:168]] == pytest.approx(0.3, abs=0.06)
    assert usual[~OFFICE[:168]] == pytest.approx(0.01, abs=0.02)
    assert reference.noise.wander[0] < 0.01
    assert reference.noise.dispersion[0] < 1.2


def test_hours_without_effects_have_none() -> None:
    rng = np.random.default_rng(3)
    hours = START_H + CLOCK + 0.5
    waves = np.cos(2 * np.pi * hours / 24)[:, None] + rng.normal(0, 1, (len(hours), 200))

    beta, _, freedom = fit_baseline(smooth(hours), classes(hours), waves, np.ones_like(waves))

    assert np.mean(beta[SMOOTH:].any(0)) < 0.02
    assert freedom == pytest.approx(SMOOTH, abs=20)
