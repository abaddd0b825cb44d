"""How often two windows of a healthy series are said to differ, and how often two that do."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, ks_2samp

from analytics.drift.matched import Counted, matched
from analytics.drift.two_windows import moved
from bench.drift.families import FAMILIES, NUMERIC, START_H, Change, Counts, invent
from bench.drift.nulls import RATES
from bench.drift.report import Row, share
from bench.drift.size import Size

Floats = NDArray[np.float64]

DAYS = (1, 7, 14)
ALPHAS = (0.05, 0.01)
# No day of a weekend is compared with another day: 1-day windows are a Wednesday and a Thursday.
WEDNESDAY_H = 48


@dataclass(frozen=True, slots=True)
class Case:
    """A series in two windows that follow each other; `change` begins with the second."""

    family: str
    days: int
    per_hour: float
    kind: str = ""
    change: float = 0.0

    def __str__(self) -> str:
        what = f", {self.per_hour:g}/h: {self.kind.replace('_', ' ')} {self.change:g}" if self.kind else ""
        return f"{self.family}{what}, {self.days} days against {self.days}"


CHANGED = (
    *(("diurnal", "median", size) for size in (0.1, 0.2, 0.5)),
    *(("ar", "median", size) for size in (0.1, 0.2, 0.5)),
    ("category", "moved", 0.1),
    ("category", "new", 0.01),
    ("error", "odds_times", 3.0),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield false rates of each family and length, then how often changes are found."""
    for days in DAYS:
        every = []
        for family in FAMILIES:
            cases = [Case(family, days, RATES[n % len(RATES)]) for n in range(size.compared_nulls)]
            every.append(np.array([p_value(size.seed, case, n) for n, case in enumerate(cases)]))
            some = enumerate(cases[: size.repeats])
            naive = np.array([taken_for_independent(size.seed, case, number) for number, case in some])
            yield _false(f"healthy {family}, {days} days against {days}", every[-1], naive)
        yield _false(f"all of them, {days} days against {days}", np.concatenate(every), np.zeros(0))
    for family, kind, change in CHANGED:
        for days in DAYS:
            case = Case(family, days, 100, kind, change)
            p = np.array([p_value(size.seed, case, n) for n in range(size.repeats)])
            yield Row("F2", str(case), "-", f"found at .001: {share(int((p <= 0.001).sum()), len(p))}")


def p_value(seed: int, case: Case, number: int) -> float:
    """Return the p-value of one comparison, NaN where it is `unknown`."""
    one, start, length = _invented(seed, case, number)
    both = matched(one.ids, _names(case, one), _part(one, start, length), _part(one, start + length, length))
    if both.wanting():
        return float("nan")
    found = moved(both)
    return found.p if found else 1.0


def taken_for_independent(seed: int, case: Case, number: int) -> float:
    """Return the p-value of a test that takes spans for independent: KS, or chi-square."""
    one, start, length = _invented(seed, case, number)
    if one.values is None or one.slot is None:
        counts = np.stack([_part(one, begin, length).counts.sum(0) for begin in (start, start + length)])
        return float(chi2_contingency(counts[:, counts.sum(0) > 0]).pvalue)
    first, second = (
        one.values[(one.slot >= begin) & (one.slot < begin + length)] for begin in (start, start + length)
    )
    return float(ks_2samp(first, second).pvalue)


def _invented(seed: int, case: Case, number: int) -> tuple[Counts, int, int]:
    """Return a series, in which hour its windows begin, and how many hours each has."""
    rng = np.random.default_rng([seed, 9, FAMILIES.index(case.family), case.days, number])
    start = WEDNESDAY_H if case.days == 1 else 0
    length = case.days * 24
    change = Change(case.kind, case.change, start + length) if case.kind else None
    return invent(rng, case.family, case.per_hour, start + 2 * length, change=change), start, length


def _names(case: Case, one: Counts) -> list[str]:
    return [] if case.family in NUMERIC else [str(number) for number in one.ids]


def _part(one: Counts, start: int, length: int) -> Counted:
    hours = START_H + np.arange(start, start + length, dtype=np.float64)
    return Counted(hours, one.counts[start : start + length].astype(np.float64))


def _false(what: str, p: Floats, naive: Floats) -> Row:
    told = p[~np.isnan(p)]
    rates = "; ".join(f"at {alpha:g}: {share(int((told <= alpha).sum()), len(told))}" for alpha in ALPHAS)
    beside = f"KS, chi-square at .05: {share(int((naive <= 0.05).sum()), len(naive))}"
    return Row("F1", what, "<= alpha", f"{rates}; unknown {len(p) - len(told)}", beside)
