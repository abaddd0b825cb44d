"""Row C2: how right the reported effect, its interval and the time of the change are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.drift.budget import log_threshold
from analytics.drift.change_time import explained
from analytics.drift.correlation import PHI_PRIOR
from analytics.drift.detector import fresh, log_prior, mixture, step
from analytics.drift.effect import LEVELS, quantile_shift
from analytics.drift.evidence import log_e
from bench.drift.delays import BEFORE_H
from bench.drift.families import Change, Counts, invent
from bench.drift.looks import Scored, fitted, hours_of, scored
from bench.drift.nulls import BUDGET_PER_H, MONTH_H, REFERENCE_H, SERIES
from bench.drift.report import Row, share
from bench.drift.size import Size

MEDIAN = int(np.flatnonzero(LEVELS == 0.5)[0])


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one change: per cent, whether the interval holds the truth, hours off."""

    per_cent: float
    holds: bool
    hours_off: float


def rows(size: Size) -> Iterator[Row]:
    """Yield how right the effects told at the time of the alarm are, and a day later."""
    for per_hour, much in ((100, 0.2), (1000, 0.2), (1000, 0.5), (100, 0.5)):
        for wait_h in (0, 24):
            told = [_told(size.seed, per_hour, much, number, wait_h) for number in range(size.repeats)]
            seen = [one for one in told if one is not None]
            off = np.array([abs(one.per_cent - 100 * much) for one in seen])
            spread = np.subtract(*np.percentile([one.per_cent for one in seen], [75, 25])) / 2
            hours = np.array([abs(one.hours_off) for one in seen])
            when = "at the alarm" if not wait_h else "a day later"
            yield Row(
                "C2",
                f"diurnal {per_hour}/h {much:+.0%}, told {when}: error of the median's shift; of its time",
                "<= 3 points; <= 2 h; interval holds 85-97 %",
                f"{np.median(off):.1f} points (half IQR {spread:.1f}); {np.median(hours):g} h; "
                f"holds {share(sum(one.holds for one in seen), len(seen))}",
            )


def _told(seed: int, per_hour: int, much: float, number: int, wait_h: int) -> Told | None:
    rng = np.random.default_rng([seed, 6, per_hour, int(100 * much), number])
    change = Change("median", much, REFERENCE_H + BEFORE_H)
    one = invent(rng, "diurnal", per_hour, REFERENCE_H + MONTH_H, change=change)
    return told(one, scored(one, True, REFERENCE_H), much, wait_h)


def told(one: Counts, by: Scored, much: float, wait_h: int) -> Told | None:
    """Return what is told of the change `wait_h` hours after its alarm, None if there is none."""
    reference = fitted([by], [0], REFERENCE_H, 1, PHI_PRIOR)
    hours = hours_of(len(by.n), 1)
    prior, state = log_prior(reference), fresh(reference)
    evidence = log_e(reference, hours[REFERENCE_H:], by.sums[REFERENCE_H:, None], by.n[REFERENCE_H:, None])
    at = log_threshold(SERIES, 1, BUDGET_PER_H)
    until = REFERENCE_H
    while mixture(state, prior)[0] < at:
        if until == len(by.n):
            return None
        state = step(state, evidence[until - REFERENCE_H], reference.buckets)
        until += 1
    seen = slice(REFERENCE_H, until)
    _, _, when = explained(reference, 0, hours[seen], by.sums[seen, None], by.n[seen, None], state)
    # from when on the change had surely begun
    window = slice(REFERENCE_H + when.last, min(until + wait_h, len(hours)))
    shift = quantile_shift(
        one.ids,
        one.counts[:REFERENCE_H].astype(float),
        hours[:REFERENCE_H],
        one.counts[window].astype(float),
        hours[window],
    )
    before, after = shift.before[MEDIAN], shift.after[MEDIAN]
    holds = bool(shift.low[MEDIAN] <= much * before <= shift.high[MEDIAN])
    return Told(100 * (after / before - 1), holds, when.bucket - BEFORE_H)
