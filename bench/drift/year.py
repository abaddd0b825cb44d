"""What happens in a year: holidays, slow ramps after and inside the reference, a shock to the fleet."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import bins_of
from analytics.drift.budget import log_threshold
from bench.drift.families import Counts, invent
from bench.drift.looks import Path, paths, scored
from bench.drift.nulls import BUDGET_PER_H, REFERENCE_H, SERIES
from bench.drift.report import Row, share
from bench.drift.size import Size

DAY_H, YEAR_H = 24, 365 * 24
PER_HOUR = 50
# Days after the reference: fixed ones, a fortnight at the end of the year, all on other days of the week.
HOLIDAYS = (40, 75, 110, 111, 150, 200, 260, *range(320, 334))
RAMP_H, RAMP = 60 * DAY_H, 0.2
SHOCK, SHOCK_AT_H, SHOCK_H = 0.3, 240, 6

Floats = NDArray[np.float64]


def rows(size: Size) -> Iterator[Row]:
    """Yield what happens to some diurnal series, their reference frozen for the whole year."""
    many = max(size.repeats // 3, 5)
    ordinary = _alarms(size.seed, many, YEAR_H, lambda hour: np.zeros(len(hour)))
    yield Row("year", "nothing", "-", _told(ordinary))
    yield Row("year", f"{len(HOLIDAYS)} holidays", "-", _told(_holidays(size.seed, many)))
    after = _alarms(size.seed, many, RAMP_H, lambda hour: RAMP * np.clip(hour / RAMP_H, 0, 1))
    yield Row("year", f"a ramp of {RAMP:+.0%} over 60 days after the reference", "-", _told(after))
    inside = _alarms(size.seed, many, 30 * DAY_H, lambda hour: RAMP * np.clip(1 + hour / REFERENCE_H, 0, 1))
    yield Row("year", f"a ramp of {RAMP:+.0%} inside the reference, then level", "-", _told(inside))
    shock = _alarms(size.seed, many, 20 * DAY_H, _shock)
    what = f"the whole fleet {SHOCK:+.0%} slower for {SHOCK_H} h, at hour {SHOCK_AT_H}"
    yield Row("year", what, "-", _told(shock))


def _shock(hour: Floats) -> Floats:
    return SHOCK * ((hour >= SHOCK_AT_H) & (hour < SHOCK_AT_H + SHOCK_H))


def _alarms(seed: int, many: int, hours: int, shift: Callable[[Floats], Floats]) -> list[float | None]:
    made = []
    for number in range(many):
        one = invent(np.random.default_rng([seed, 10, number]), "diurnal", PER_HOUR, REFERENCE_H + hours)
        made.append(_again(one, shift(one.slot - REFERENCE_H), np.ones(len(one.slot), bool)))
    return _first(made)


def _holidays(seed: int, many: int) -> list[float | None]:
    made = []
    for number in range(many):
        rng = np.random.default_rng([seed, 10, number])
        one = invent(rng, "diurnal", PER_HOUR, REFERENCE_H + YEAR_H)
        day = (one.slot - REFERENCE_H) // DAY_H
        # a holiday is as quiet as a weekend, and as quick
        off = np.isin(day, HOLIDAYS) & ((one.slot // DAY_H) % 7 < 5)
        made.append(_again(one, np.expm1(-0.08 * off), ~off | (rng.random(len(off)) < 0.35)))
    return _first(made)


def _again(one: Counts, shift: Floats, kept: NDArray[np.bool_]) -> Counts:
    """Return the series with its values shifted and some of its spans left out."""
    bins = bins_of(one.values * (1 + shift))[kept]
    low, width, hours = int(bins.min()), int(np.ptp(bins)) + 1, len(one.counts)
    counts = np.bincount(one.slot[kept] * width + bins - low, minlength=hours * width).reshape(hours, width)
    return Counts(np.arange(low, low + width), counts.astype(np.float32), counts.sum(1).astype(float))


def _first(made: list[Counts]) -> list[float | None]:
    found: list[Path] = list(paths([scored(one, True, REFERENCE_H) for one in made], REFERENCE_H))
    return [path.first(log_threshold(SERIES, path.bucket_h, BUDGET_PER_H)) for path in found]


def _told(alarms: list[float | None]) -> str:
    some = [one for one in alarms if one is not None]
    when = f"; first alarm after {np.median(some):g} h (median)" if some else ""
    return f"alarmed: {share(len(some), len(alarms))}{when}"
