"""Existing tools on the same streams as ours, each in an environment of its own.

Each is run as it is by default, hourly and daily where it wants a sample. What does not install or run says
so. A tool that alarms before a change has found nothing: its first alarm is a false one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bench.drift import delays
from bench.drift.delays import BEFORE_H, after
from bench.drift.families import FAMILIES, NUMERIC, Change, Counts, invent
from bench.drift.looks import paths, scored
from bench.drift.nulls import MONTH_H, REFERENCE_H
from bench.drift.peers import streams
from bench.drift.peers.run import PEERS, Found, asked
from bench.drift.report import Row, delay, rate
from bench.drift.size import Size

# KSWIN takes a sixth of a millisecond a value: more would take hours.
RATES = (10, 20, 50, 100)
# After an alarm a tool is silent for a day.
MUTE_H = 24


@dataclass(frozen=True, slots=True)
class Case:
    """Streams of a family, healthy or changed, and what is required of the detector."""

    number: str
    family: str
    required: str
    per_hour: float | None = None
    kind: str = ""
    change: float = 0.0

    def __str__(self) -> str:
        if not self.kind:
            return f"healthy {self.family}, {RATES[0]}-{RATES[-1]}/h: alarms per series-month"
        return f"{self.family}, {self.per_hour:g}/h: {self.kind.replace('_', ' ')} {self.change:g}"


CASES = (
    *(Case("A1", family, "<= .006") for family in FAMILIES),
    *(
        Case(one.number, one.family, f"<= {one.hours:g} h", one.per_hour, one.kind, one.change)
        for one in delays.CASES
    ),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield ours and the peers' figures for each case, healthy ones first, then for all healthy series."""
    for cases in (CASES[: len(FAMILIES)], CASES[len(FAMILIES) :]):
        many = [size.peer_streams if case.kind else len(RATES) for case in cases]
        made = [
            [_series(size.seed, case, n) for n in range(some)] for case, some in zip(cases, many, strict=True)
        ]
        ours = [_ours(case, some) for case, some in zip(cases, made, strict=True)]
        every = [_stream(case, one) for case, some in zip(cases, made, strict=True) for one in some]
        answers = {name: found for peer in PEERS for name, found in asked(peer, every).items()}
        ends = np.cumsum(many).tolist()
        for case, alarms, end in zip(cases, ours, ends, strict=True):
            yield _row(case, alarms, _some(answers, end - len(alarms), end))
        if not cases[0].kind:
            all_ = Case("A1", "series of every family", "<= .0015")
            yield _row(all_, [one for alarms in ours for one in alarms], answers)


def _some(answers: dict[str, Found], start: int, end: int) -> dict[str, Found]:
    return {name: one if isinstance(one, str) else one[start:end] for name, one in answers.items()}


def _series(seed: int, case: Case, number: int) -> Counts:
    rng = np.random.default_rng([seed, 8, FAMILIES.index(case.family), number])
    change = Change(case.kind, case.change, REFERENCE_H + BEFORE_H) if case.kind else None
    per_hour = case.per_hour or RATES[number % len(RATES)]
    return invent(rng, case.family, per_hour, REFERENCE_H + MONTH_H, change=change)


def _stream(case: Case, one: Counts) -> streams.Stream:
    healthy = not case.kind
    if one.values is not None and one.slot is not None:
        return streams.Stream(one.values, one.slot, REFERENCE_H, every=healthy)
    counts = one.counts.astype(np.int64)
    seen = np.repeat(np.tile(one.ids, len(counts)), counts.ravel()).astype(np.float64)
    hours = np.repeat(np.arange(len(counts)), counts.sum(1))
    return streams.Stream(seen, hours, REFERENCE_H, case.family, every=healthy)


def _ours(case: Case, made: Sequence[Counts]) -> list[float | None]:
    found = paths([scored(one, case.family in NUMERIC, REFERENCE_H) for one in made], REFERENCE_H)
    return [after(path, BEFORE_H if case.kind else 0) for path in found]


def _row(case: Case, ours: Sequence[float | None], answers: dict[str, Found]) -> Row:
    told = [one for name, found in answers.items() if (one := _told(case, name, found))]
    alarms = sum(one is not None for one in ours)
    got = delay(ours) if case.kind else f"{alarms} of {len(ours)}: {rate(alarms, len(ours))}"
    return Row(case.number, str(case), case.required, got, "; ".join(one.text for one in sorted(told)))


class _Told(NamedTuple):
    """What is said of a tool, and its place among others: the lowest is the best."""

    place: tuple[float, float]
    text: str


def _told(case: Case, name: str, found: Found) -> _Told | None:
    if isinstance(found, str):
        return _Told((np.inf, np.inf), f"{name} {found}")
    some = [one for one in found if one is not None]
    if not some:
        return None
    if not case.kind:
        mean = float(np.mean([_unmuted(one) for one in some]))
        return _Told((mean, 0), f"{name} {mean:.3g}")
    first = [one[0] if one else None for one in some]
    early = sum(one is not None and one <= BEFORE_H for one in first)
    late = [None if one is None or one <= BEFORE_H else one - BEFORE_H for one in first]
    median = float(np.median([np.inf if one is None else one for one in late]))
    text = f"{name} {delay(late)}" + (f", {early} alarmed before the change" if early else "")
    return _Told((-sum(one is not None for one in late), median), text)


def _unmuted(alarms: Sequence[int]) -> int:
    count, until = 0, -1
    for hour in alarms:
        if hour >= until:
            count, until = count + 1, hour + MUTE_H
    return count
