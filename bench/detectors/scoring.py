"""Scoring: what was found, set against what was done. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from scipy.stats import binomtest

from bench.detectors.fault import Fault
from bench.detectors.manifest import Case
from bench.detectors.worker import Joined

Found = Mapping[str, Any]
Word = Literal["hit", "allowed", "wrong", "smell", "elsewhere"]


@dataclass(frozen=True)
class Share:
    """`of` out of `n`, with its Wilson interval at 95 %."""

    of: int
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        interval = binomtest(self.of, self.n).proportion_ci(method="wilson")
        return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Judged:
    """A finding and what it is worth.

    Parameters
    ----------
    word
        hit: about a fault that should be found by this detector. allowed: true, but not asked for.
        wrong: about a clean run or a look-alike, or by a detector that has nothing to say of the fault.
        smell: of severity S4, which says something of the design, not of a run. elsewhere: about no case.
    cases
        Ids of the cases whose traces it names.
    """

    finding: Found
    word: Word
    cases: Sequence[str]

    @property
    def is_sure(self) -> bool:
        """Whether it is more than suspected."""
        return bool(self.finding["grade"] != "suspected")


@dataclass(frozen=True)
class Score:
    """One capture's cases that ran as planned, and its findings."""

    cases: Sequence[Case]
    faults: Mapping[str, Fault]
    joined: Mapping[str, Joined]
    judged: Sequence[Judged]

    def of(self, *, sort: str = "", faulty: bool = True, **named: str) -> list[Case]:
        """Return the cases of a sort, or of a `framework` or `scenario`; or the clean runs."""
        return [
            case
            for case in self.cases
            if case.faulty is faulty
            and (not sort or self.faults[case.scenario].sort == sort)
            and all(getattr(case, name) == value for name, value in named.items())
        ]

    def recall(self, cases: Sequence[Case], *, sure: bool = False) -> Share:
        """Return how many of these faulty cases have a finding that was expected."""
        found = {each for judged in self._hits(sure=sure) for each in judged.cases}
        return Share(sum(case.id in found for case in cases), len(cases))

    def precision(self, *, detector: str = "", sure: bool = False) -> Share:
        """Return how many of the findings that are about a case are true."""
        counted = [
            judged
            for judged in self.judged
            if judged.word in ("hit", "allowed", "wrong")
            and (judged.is_sure or not sure)
            and detector in ("", judged.finding["detector"])
        ]
        return Share(sum(judged.word != "wrong" for judged in counted), len(counted))

    def delays_s(self, cases: Sequence[Case]) -> list[float]:
        """Return the seconds from when a fault took hold until it was first found, of those found."""
        firsts: dict[str, float] = {}
        for judged in self._hits():
            at = datetime.fromisoformat(judged.finding["first_seen"]).timestamp()
            for case in judged.cases:
                firsts[case] = min(at, firsts.get(case, at))
        held = {case.id: self.joined[case.id].held_at for case in cases}
        return [max(0.0, firsts[case] - at) for case, at in held.items() if case in firsts and at]

    def wrong_about(self, cases: Sequence[Case], *, sure: bool = False) -> list[Judged]:
        """Return the wrong findings about any of these cases."""
        ids = {case.id for case in cases}
        return [
            judged
            for judged in self.judged
            if judged.word == "wrong" and (judged.is_sure or not sure) and ids & set(judged.cases)
        ]

    def traces(self, cases: Sequence[Case]) -> int:
        return sum(len(self.joined[case.id].trace_ids) for case in cases)

    def _hits(self, *, sure: bool = False) -> Iterable[Judged]:
        return (judged for judged in self.judged if judged.word == "hit" and (judged.is_sure or not sure))


def score(
    cases: Sequence[Case],
    faults: Mapping[str, Fault],
    joined: Mapping[str, Joined],
    findings: Sequence[Found],
) -> Score:
    """Judge one capture's findings by its cases."""
    played = [case for case in cases if case.id in joined and _is_played(case, joined[case.id], faults)]
    places = _Places(cases, joined)
    by_id = {case.id: case for case in cases}
    judged = [_judge(finding, [by_id[each] for each in places.of(finding)], faults) for finding in findings]
    return Score(played, faults, joined, judged)


def _is_played(case: Case, joined: Joined, faults: Mapping[str, Fault]) -> bool:
    """Return whether it went as planned: a fault that never took hold, or that the ledger denies, is none.

    A framework may end a run for its fault: CrewAI does so with loops.
    """
    if case.truth.payments not in (None, joined.ledger):
        return False
    if case.faulty and faults[case.scenario].sort != "look-alike":
        return joined.took_hold
    return not joined.error


def _judge(finding: Found, cases: Sequence[Case], faults: Mapping[str, Fault]) -> Judged:
    """Judge a finding by the cases that it names, of which one that it is right about is enough."""
    detector = finding["detector"]
    done = [faults[case.scenario] for case in cases if case.faulty]
    hits = [case.id for case in cases if case.faulty and detector in faults[case.scenario].expects]
    if hits:
        return Judged(finding, "hit", hits)
    if finding["severity"] == "S4":
        word: Word = "smell"
    elif not cases:
        word = "elsewhere"
    else:
        word = "allowed" if any(detector in fault.allows for fault in done) else "wrong"
    return Judged(finding, word, [case.id for case in cases])


class _Places:
    """Which cases a finding is about: by its traces, or by the process that a case had for itself."""

    def __init__(self, cases: Sequence[Case], joined: Mapping[str, Joined]) -> None:
        self._by_trace: dict[str, list[str]] = defaultdict(list)
        self._by_instance: dict[str, list[str]] = defaultdict(list)
        for case in cases:
            if case.id not in joined:
                continue
            for trace_id in joined[case.id].trace_ids:
                self._by_trace[trace_id].append(case.id)
            if case.process:
                self._by_instance[joined[case.id].instance].append(case.id)

    def of(self, finding: Found) -> list[str]:
        named = [case for trace_id in finding["trace_ids"] for case in self._by_trace.get(trace_id, ())]
        if not named:
            said = json.dumps(finding)
            named = [case for text, cases in self._by_instance.items() if text in said for case in cases]
        return list(dict.fromkeys(named))
