"""Shares that are otherwise in office hours, which waves of a day do not draw: alarms, clocks, delays."""

from collections.abc import Iterator

import numpy as np
from scipy.special import expit, logit

from bench.drift.delays import BEFORE_H, after
from bench.drift.families import Counts, wander
from bench.drift.looks import Path, paths, scored
from bench.drift.nulls import MONTH_H, RATES, REFERENCE_H, alarms, beyond
from bench.drift.report import Row, delay
from bench.drift.size import Size

_CLOCK = np.arange(REFERENCE_H + MONTH_H)


def rows(size: Size) -> Iterator[Row]:
    """Yield the rows of shares in office hours; drift.md requires nothing of them."""
    many = size.null_series // 8
    for what, forward_h in (("as ever", 0), ("clocks put forward", 1)):
        tops = [beyond(one) for one in _looked(size, many, RATES, forward_h=forward_h)]
        yield alarms("office", f"{what}: false alarms per series-month", np.array(tops), 0.006)
    for odds in (1.5, 3.0):
        found = [after(one) for one in _looked(size, size.repeats, (100,), odds=odds)]
        yield Row("office", f"100/h: odds x{odds:g}", "-", delay(found))


def _looked(size: Size, many: int, rates: tuple[int, ...], odds: float = 1, forward_h: int = 0) -> list[Path]:
    made = (
        _office(np.random.default_rng([size.seed, 20, number]), rates[number % len(rates)], odds, forward_h)
        for number in range(many)
    )
    return list(paths([scored(one, False, REFERENCE_H) for one in made], REFERENCE_H))


def _office(rng: np.random.Generator, per_hour: int, odds: float, forward_h: int) -> Counts:
    """Return calls without and with a tool that is taken often from some hour to another on weekdays."""
    begins, lasts = rng.integers(6, 11), rng.integers(6, 11)
    local = _CLOCK + forward_h * (_CLOCK >= REFERENCE_H)
    often = (local % 24 >= begins) & (local % 24 < begins + lasts) & ((local // 24) % 7 < 5)
    usual = logit(np.where(often, rng.uniform(0.1, 0.5), rng.uniform(0.001, 0.03)))
    changed = np.log(odds) * (_CLOCK >= REFERENCE_H + BEFORE_H)
    spans = rng.poisson(per_hour, len(_CLOCK))
    taken = rng.binomial(spans, expit(usual + wander(rng, len(_CLOCK), 0.9, 0.1) + changed))
    counts = np.stack([spans - taken, taken], 1).astype(np.float32)
    return Counts(np.arange(2), counts, spans.astype(np.float64))
