"""A ring whose waits give up and are tried again is one finding, and no other ring is taken for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.api import models
from analytics.detectors import deadlock
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from analytics.waits.attempts import known_names
from analytics.waits.graph import Node
from analytics.waits.open_span import OpenSpan
from analytics.waits.standing import Standing
from analytics.waits.standstill import standstills
from analytics.waits.wait import Wait
from tests.analytics.detectors.open_rows import NOW_NS
from tests.analytics.detectors.wait_rows import Row, agent, look, ring, wait
from tests.analytics.rows import NOW

LOOK_S = 2


@dataclass(frozen=True)
class Team:
    """Agents that wait in a ring, each until it gives up, pauses, and tries again.

    Parameters
    ----------
    names
        Each waits for the next.
    stagger_s
        So much later each begins than the one before it.
    end_state
        Of a wait that gave up after `lasted_s`; by itself that is its timeout.
    """

    names: Sequence[str] = ("planner", "coder", "tester", "writer")
    timeout_s: float | None = 75.0
    lasted_s: float = 75.0
    gap_s: float = 10.0
    stagger_s: float = 0.0
    tries: int = 100
    begins_s: float = 0.0
    trace: int = 1
    said: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, now_s: float) -> list[Row]:
        """Return what is open, and what has ended, `now_s` seconds after `NOW`."""
        runs = [
            agent(name, 10_000 * number, trace=self.trace, age_s=60, seen_ago_s=1 - now_s, **self.said)
            for number, name in enumerate(self.names, start=1)
        ]
        return runs + [
            self._wait(number, attempt, now_s)
            for number in range(len(self.names))
            for attempt in range(self.tries)
            if self._start_s(number, attempt) <= now_s
        ]

    def _start_s(self, number: int, attempt: int) -> float:
        return self.begins_s + number * self.stagger_s + attempt * (self.lasted_s + self.gap_s)

    def _wait(self, number: int, attempt: int, now_s: float) -> Row:
        start_s = self._start_s(number, attempt)
        end_s = start_s + self.lasted_s
        ended = {"ended": True, "end_ns": NOW_NS + int(end_s * 1e9), "end_state": "cancelled"}
        return wait(
            self.names[number],
            self.names[(number + 1) % len(self.names)],
            10_000 * (number + 1) + int(self.begins_s) + attempt + 1,
            parent=10_000 * (number + 1),
            trace=self.trace,
            age_s=-start_s,
            seen_ago_s=-max(start_s, min(now_s - 1, end_s)),
            wait_timeout_s=self.timeout_s,
            **self.said,
            **(ended if end_s <= now_s else {}),
        )


class Watch:
    """Looks every two seconds, and what is told is kept in a real ledger."""

    def __init__(self, folder: Path) -> None:
        self._ledger = FindingLedger(open_state(f"sqlite:///{folder / 'state.db'}"), [])
        self.opened: list[str] = []
        self.open_most = 0

    def watch(self, rows: Callable[[float], list[Row]], until_s: float, since_s: float = 0) -> None:
        for at_s in range(int(since_s), int(until_s), LOOK_S):
            evidence = {(one.project, one.fingerprint): one.evidence for one in self._ledger.open("deadlock")}
            seen = look(*rows(at_s), watched=frozenset(evidence), evidence=evidence, later_s=at_s)
            now = NOW + timedelta(seconds=at_s)
            changes = self._ledger.reconcile("deadlock", seen.findings, now, seen.resolutions, seen.kept)
            self.opened += changes.opened
            self.open_most = max(self.open_most, self._ledger.count_open("deadlock"))

    @property
    def findings(self) -> list[models.Finding]:
        return self._ledger.list("shop").items


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


@pytest.mark.parametrize(
    ("team", "closings"),
    [
        pytest.param(Team(), 7, id="all at once"),
        pytest.param(Team(names=("planner", "coder")), 7, id="two"),
        pytest.param(Team(stagger_s=4), 7, id="one after the other"),
        pytest.param(
            Team(("planner", "coder"), 95, 95, gap_s=2, stagger_s=30), 12, id="each try closes the ring"
        ),
        pytest.param(Team(gap_s=60), 5, id="after a pause of a minute"),
        pytest.param(Team(timeout_s=200, lasted_s=200, gap_s=300), 2, id="after five minutes, of three"),
    ],
)
def test_a_ring_that_is_tried_again_is_one_finding(watch: Watch, team: Team, closings: int) -> None:
    watch.watch(team, until_s=600)

    (finding,) = watch.findings
    assert (finding.state, finding.severity, finding.grade) == ("open", "S2", "suspected")
    assert finding.evidence["closings"] == closings
    assert finding.since == finding.evidence["closed_first"]
    assert f"; it has closed {closings} times since {finding.since[11:19]} UTC" in finding.title


def test_it_is_over_when_it_was_not_tried_again_for_long(watch: Watch) -> None:
    watch.watch(Team(tries=2), until_s=160 + 140)
    assert [finding.state for finding in watch.findings] == ["open"]

    watch.watch(Team(tries=2), since_s=160 + 140, until_s=160 + 160)

    (finding,) = watch.findings
    assert (finding.state, finding.resolution_word) == ("resolved", "ended")
    assert finding.resolution is not None
    assert finding.resolution.endswith(
        " gave up at its deadline after 1m 15s; the ring was not seen closed again for 2m 30s."
    )


def test_tried_again_after_it_was_over_it_is_another_finding(watch: Watch) -> None:
    later = Team(begins_s=400)

    watch.watch(lambda now_s: Team(tries=1)(now_s) + later(now_s)[4:], until_s=600)

    assert [finding.state for finding in watch.findings] == ["open", "resolved"]
    assert watch.findings[0].evidence["closings"] == 3


@pytest.mark.parametrize(
    ("team", "word"),
    [
        pytest.param(Team(tries=1, lasted_s=40), "ended", id="ends before its deadline"),
        pytest.param(Team(tries=1, timeout_s=None), "ended", id="has no deadline"),
    ],
)
def test_a_ring_that_does_not_give_up_is_over_at_once(watch: Watch, team: Team, word: str) -> None:
    watch.watch(team, until_s=team.lasted_s + 2 * LOOK_S)

    assert [finding.resolution_word for finding in watch.findings] == [word]


def test_a_ring_without_a_deadline_that_closes_again_is_another_finding(watch: Watch) -> None:
    """Its fingerprint is its spans."""
    watch.watch(Team(timeout_s=None), until_s=600)

    assert len(watch.opened) == 7
    assert {finding.grade for finding in watch.findings} == {"confirmed"}
    assert {finding.evidence["closings"] for finding in watch.findings} == {1}


def test_the_deadline_that_nobody_kept_makes_the_same_finding_a_confirmed_one(watch: Watch) -> None:
    watch.watch(Team(lasted_s=300), until_s=120)

    assert [(finding.grade, finding.severity) for finding in watch.findings] == [("confirmed", "S1")]


@pytest.mark.parametrize("other", [Team(trace=2), Team(said={"environment": "staging"})])
def test_the_same_agents_elsewhere_are_another_finding(watch: Watch, other: Team) -> None:
    watch.watch(lambda now_s: Team()(now_s) + other(now_s), until_s=300)

    assert len(watch.opened) == watch.open_most == 2


def test_another_ring_of_the_same_trace_is_another_finding(watch: Watch) -> None:
    """It begins while the first may be tried again."""
    others = Team(names=("planner", "critic"), begins_s=80)

    watch.watch(lambda now_s: Team(tries=1)(now_s) + others(now_s)[1:], until_s=150)

    assert len(watch.opened) == watch.open_most == 2


def test_across_traces_a_session_is_what_makes_it_the_same() -> None:
    def fingerprint(number: int, **said: Any) -> str:
        rows = ring("a", "b", apart=True, wait_timeout_s=120, **said)
        ids = {each["trace_id"]: f"{int(each['trace_id'], 16) + number:032x}" for each in rows}
        (found,) = look(*({**each, "trace_id": ids[each["trace_id"]]} for each in rows)).findings
        return found.fingerprint.partition("@")[2]

    assert fingerprint(0, session="monday") == fingerprint(50, session="monday")
    assert fingerprint(0, session="monday") != fingerprint(0, session="tuesday")
    assert fingerprint(0) != fingerprint(50)
    assert fingerprint(0) == fingerprint(0)


def test_rings_of_one_name_at_one_time_are_two_findings() -> None:
    """Names of a trace that several have make one ring of all; were there two, they would not merge."""
    rows = [*ring("a", "b", wait_timeout_s=120), *ring("a", "b", wait_timeout_s=120)]
    spans = [OpenSpan(**each, project_seen_ns=NOW_NS) for each in rows if each["waiting_on"]]
    graph = Standing()
    for number, span in enumerate(spans):
        waiter, target = f"{span.agent} {number // 2}", f"{span.waiting_on} {number // 2}"
        one = Wait(str(number), waiter, (target,), 1, span.start_ns, span.last_seen_ns, NOW_NS + 90 * 10**9)
        graph.nodes[waiter] = Node("shop", waiter, "agent", span.agent, span.agent, working=False)
        graph.waits.append(one)
        graph.shown[one.id, target] = replace(span, span_id=f"{number:016x}")

    told = standstills(graph, NOW_NS)[0].fingerprint

    found = standstills(graph, NOW_NS, known_names([told]))

    assert len({one.fingerprint for one in found}) == 2


@pytest.mark.parametrize(("tries", "gap_s"), [(1, 0), (9, 5)])
def test_a_deadline_within_a_minute_stays_silent(watch: Watch, tries: int, gap_s: float) -> None:
    watch.watch(Team(timeout_s=30, lasted_s=30, tries=tries, gap_s=gap_s), until_s=300)

    assert not watch.opened


def test_what_may_close_again_is_bounded_for_each_project(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project that gives up by the dozen and begins others: each look tells, and keeps, so many at most."""
    monkeypatch.setattr(deadlock, "FINDINGS_MAX", 5)

    def crowd(now_s: float) -> list[Row]:
        begun = range(int(now_s) // 80 + 1)
        return [
            each
            for burst in begun
            for trace in range(12)
            for each in Team(tries=1, begins_s=80 * burst, trace=100 * burst + trace + 1)(now_s)
        ]

    watch.watch(crowd, until_s=400)

    assert watch.open_most <= 2 * 5


def test_a_look_at_thousands_that_may_close_again_is_quick() -> None:
    """One look at 2,000 rings that gave up: what is said of them is read from what was told."""
    hop = {"trace_id": "a" * 32, "span_id": "b" * 16}
    before = {"hops": [hop], "retry_s": 150.0, "all_open_until": "2026-03-01T12:00:00.000000000Z"}
    evidence = {("shop", f"{number:048x}@{number:016x}"): before for number in range(2_000)}
    ended = wait("a", "b", 1, ended=True, wait_timeout_s=75, trace_id=hop["trace_id"], span_id=hop["span_id"])

    outcome = look(ended, watched=frozenset(evidence), evidence=evidence)

    assert len(outcome.kept) <= deadlock.FINDINGS_MAX
