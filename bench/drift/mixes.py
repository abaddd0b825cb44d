"""Row C1: whether a change of the traffic's mix is told from one of behaviour, with three keys at once.

What is judged is what an alarm says: by the service's own function, of as many calls as the service reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.budget import log_threshold
from analytics.drift.hours import hour_class
from analytics.drift.mix_strata import Calls
from analytics.drift.mix_verdict import Verdict, verdict
from analytics.series.drawn_traces import TRACES_MAX
from bench.drift.delays import BEFORE_H
from bench.drift.families import Counts, binned
from bench.drift.looks import hours_of, paths, scored
from bench.drift.nulls import BUDGET_PER_H, MONTH_H, REFERENCE_H, SERIES
from bench.drift.peers.run import asked
from bench.drift.peers.streams import Stream
from bench.drift.report import Row, share
from bench.drift.size import Size

PER_HOUR = 100
# Of what does not alarm a day is judged.
WEEK_H, TOLD_H = 7 * 24, 24
HOURS = hours_of(REFERENCE_H + MONTH_H, 1)
KEYS = ("tool", "user", "input length")
# Log of the median of each group, by key
EFFECTS = (np.array([0.0, 1.6]), np.array([-0.2, 0.0, 0.3]), np.array([0.0, 0.4]))
SHARES = (np.array([0.7, 0.3]), np.array([0.5, 0.3, 0.2]), np.array([0.6, 0.4]))
MOVED = np.array([0.55, 0.45])


@dataclass(frozen=True, slots=True)
class Truth:
    """What changes: the mix over tools, and by how much everything becomes slower."""

    name: str
    mix: bool
    slower: float


TRUTHS = (
    Truth("nothing", mix=False, slower=0.0),
    Truth("mix 30 -> 45 %", mix=True, slower=0.0),
    Truth("behaviour +15 %", mix=False, slower=0.15),
    # a mean log of .15 * 1.6 more by mix, as much less by behaviour
    Truth("both, cancelling", mix=True, slower=float(np.expm1(-0.24))),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield what is said of each truth."""
    at = log_threshold(SERIES, 1, BUDGET_PER_H)
    for truth in TRUTHS:
        told = [_told(size.seed, truth, number, at) for number in range(size.repeats)]
        alarms = sum(one.is_alarm for one in told)
        does, mixed = (sum(one.said.said in (what, "both") for one in told) for what in ("behaviour", "mix"))
        by_tool = [part for one in told for part in one.said.parts if part.by == "tool"]
        part_mix, part_does = np.mean([(part.mix, part.behaviour) for part in by_tool], axis=0)
        yield Row(
            "C1",
            f"{truth.name}: called behaviour, three keys at once",
            ">= 98 %" if truth.slower else "<= 2 %",
            f"{share(does, size.repeats)}; mix {share(mixed, size.repeats)}; "
            f"by tool mix {part_mix:+.3f}, behaviour {part_does:+.3f}",
            f"ours without keys: drift {share(alarms, size.repeats)}; {_beside(size, truth)}",
        )


def _beside(size: Size, truth: Truth) -> str:
    """Return in how many of some streams tools without keys call anything drift in a month."""
    invented = [_invented(size.seed, truth, number) for number in range(size.peer_streams)]
    streams = [Stream(np.exp(one.logs), one.slot, REFERENCE_H) for one in invented]
    told = []
    for peer in ("on_evidently", "on_nannyml"):
        for name, found in asked(peer, streams).items():
            drifted = found if isinstance(found, str) else f"{sum(map(bool, found))} of {len(found)}"
            told.append(f"{name} {drifted}")
    return "; ".join(told)


class _Invented(NamedTuple):
    """Logs of values, the hour of each, and its group by each key."""

    logs: NDArray[np.float64]
    slot: NDArray[np.int64]
    groups: list[NDArray[np.int64]]


def _invented(seed: int, truth: Truth, number: int) -> _Invented:
    rng = np.random.default_rng([seed, 5, TRUTHS.index(truth), number])
    slot = np.repeat(np.arange(REFERENCE_H + MONTH_H), rng.poisson(PER_HOUR, REFERENCE_H + MONTH_H))
    after = slot >= REFERENCE_H + BEFORE_H
    groups = [rng.choice(len(shares), len(slot), p=shares) for shares in SHARES]
    if truth.mix:
        groups[0][after] = rng.choice(2, int(after.sum()), p=MOVED)
    logs = 0.8 * rng.normal(size=len(slot)) + np.log1p(truth.slower) * after
    for effects, group in zip(EFFECTS, groups, strict=True):
        logs += effects[group]
    return _Invented(logs, slot, groups)


class _Told(NamedTuple):
    is_alarm: bool
    said: Verdict


def _told(seed: int, truth: Truth, number: int, at: float) -> _Told:
    """Return what is said of the last week of the reference and the hours from the change to the alarm."""
    one = _invented(seed, truth, number)
    began = REFERENCE_H + BEFORE_H
    (path,) = paths([scored(_counts(one), True, REFERENCE_H)], REFERENCE_H, pool=False)
    after_h = path.first(at)
    until = REFERENCE_H + int(after_h) if after_h and after_h > BEFORE_H else began + TOLD_H
    rng = np.random.default_rng(number)
    since = np.arange(began, until)
    week = np.arange(REFERENCE_H - WEEK_H, REFERENCE_H)
    alike = np.isin(hour_class(HOURS[week]), hour_class(HOURS[since]))
    said = verdict(_drawn(rng, one, week[alike]), _drawn(rng, one, since))
    assert said
    return _Told(after_h is not None, said)


def _drawn(rng: np.random.Generator, one: _Invented, hours: NDArray[np.int64]) -> Calls:
    """Return as many calls of some hours as the service reads traces, each of a trace of its own."""
    some = np.flatnonzero(np.isin(one.slot, hours))
    if len(some) > TRACES_MAX:
        some = rng.choice(some, TRACES_MAX, replace=False)
    strata = {by: group[some].astype(str).astype(object) for by, group in zip(KEYS, one.groups, strict=True)}
    return Calls(some, HOURS[one.slot[some]], np.ones(len(some)), one.logs[some], strata)


def _counts(one: _Invented) -> Counts:
    hours = REFERENCE_H + MONTH_H
    return binned(np.exp(one.logs), one.slot, hours, np.bincount(one.slot, minlength=hours).astype(float))
