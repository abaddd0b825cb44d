"""Rows B1 to B7: after how long a change is found, and how often a deployment is blamed for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.drift.budget import log_threshold
from bench.drift.families import FAMILIES, NUMERIC, Change, invent
from bench.drift.looks import Path, paths, scored
from bench.drift.nulls import BUDGET_PER_H, MONTH_H, RATES, REFERENCE_H, SERIES
from bench.drift.report import Row, delay, share
from bench.drift.size import Size

BEFORE_H, NO_OP_H = 240, 480
ALPHA = 0.01


@dataclass(frozen=True, slots=True)
class Case:
    """A change, as drift.md requires it to be found: median hours, and at least this share of all."""

    number: str
    family: str
    kind: str
    change: float
    per_hour: float
    hours: float
    known_h: float | None = None

    def __str__(self) -> str:
        return f"{self.family}, {self.per_hour:g}/h: {self.kind.replace('_', ' ')} {self.change:g}"


CASES = (
    Case("B1", "diurnal", "median", 0.1, 100, 90, 30),
    Case("B1", "diurnal", "median", 0.2, 100, 14, 6),
    Case("B1", "diurnal", "median", 0.5, 100, 4),
    Case("B2", "diurnal", "median", 0.2, 10, 160),
    Case("B2", "diurnal", "median", 0.5, 10, 24),
    Case("B3", "diurnal", "spread", 1.25, 100, 9),
    Case("B3", "diurnal", "garbage_high", 0.05, 100, 8),
    Case("B3", "diurnal", "garbage_low", 0.05, 100, 20),
    Case("B3", "diurnal", "garbage_high", 0.01, 100, 300),
    Case("B4", "ar", "median", 0.5, 100, 16),
    Case("B4", "ar", "garbage_high", 0.05, 100, 12),
    Case("B5", "category", "moved", 0.1, 100, 18),
    Case("B5", "category", "moved", 0.2, 100, 9),
    Case("B5", "category", "new", 0.01, 100, 10),
    Case("B6", "error", "odds_times", 3, 100, 50),
    Case("B6", "error", "odds_times", 5, 100, 15),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield the rows of the hourly detector and of known deployments."""
    for case in CASES:
        found = list(paths(changed(size, case), REFERENCE_H, known_from=BEFORE_H))
        yield Row(case.number, str(case), f"<= {case.hours:g} h", delay([after(one) for one in found]))
        if case.known_h is not None:
            known = delay([_known(one) for one in found])
            yield Row("B7", f"{case}, known deployment", f"<= {case.known_h:g} h", known)
    for family in FAMILIES:
        wrong = [_known(one) is not None for one in _no_ops(size, family)]
        what = f"{family}: false verdicts on deployments that change nothing, 20 days"
        yield Row("B7", what, "<= 1 %", share(sum(wrong), len(wrong)))


def after(path: Path, before_h: float = BEFORE_H) -> float | None:
    """Return the delay of the first alarm; one before the change counts as never found."""
    first = path.first(log_threshold(SERIES, path.bucket_h, BUDGET_PER_H))
    return first - before_h if first is not None and first > before_h else None


def _known(path: Path) -> float | None:
    above = np.flatnonzero(path.known >= -np.log(ALPHA))
    return float((above[0] + 1) * path.bucket_h) if len(above) else None


def changed(size: Size, case: Case) -> list:
    """Return the series of a case, scored."""
    change = Change(case.kind, case.change, REFERENCE_H + BEFORE_H)
    found = []
    for number in range(size.repeats):
        rng = np.random.default_rng([size.seed, 1, FAMILIES.index(case.family), number])
        one = invent(rng, case.family, case.per_hour, REFERENCE_H + MONTH_H, change=change)
        found.append(scored(one, case.family in NUMERIC, REFERENCE_H))
    return found


def _no_ops(size: Size, family: str) -> Iterator[Path]:
    chosen = []
    for number in range(size.no_ops):
        rng = np.random.default_rng([size.seed, 2, FAMILIES.index(family), number])
        one = invent(rng, family, RATES[number % len(RATES)], REFERENCE_H + NO_OP_H)
        chosen.append(scored(one, family in NUMERIC, REFERENCE_H))
    return paths(chosen, REFERENCE_H, known_from=0)
