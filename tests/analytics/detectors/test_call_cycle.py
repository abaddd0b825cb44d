"""Agents that call each other in a circle without an end, and what only looks so."""

from typing import Any

import pytest

from analytics.detectors.call_cycle import CallCycle
from collector.store.store import Store
from tests.analytics.detectors.past_traces import (
    BEGAN_NS,
    Part,
    Past,
    agent,
    failing,
    handing_over,
    model,
    tool,
)
from tests.builders import SECOND


@pytest.fixture
def past(store: Store, load: Any) -> Past:
    return Past(store, load, CallCycle())


def debate(rounds: int, *names: str, last: Part | None = None) -> Part:
    """Return a trace that goes round so many times, each call within the one before."""
    innermost = last or model("gpt-5")
    for number in reversed(range(rounds * len(names) + 1)):
        innermost = agent(names[number % len(names)], innermost)
    return innermost


def geometric(count: int) -> list[int]:
    """Return rounds of traces half of which go on each time."""
    return [rounds for rounds in range(1, 8) for _ in range(count >> rounds)]


def test_two_agents_that_call_each_other_until_they_happen_to_be_done(past: Past) -> None:
    past.add(debate(rounds, "coder", "tester") for rounds in geometric(64))

    (finding,) = past.look().findings

    assert (finding.severity, finding.grade, finding.certain) == ("S4", "probable", True)
    assert finding.title == (
        "coder and tester call each other in a circle; up to 6 rounds in a trace (n = 63 traces),"
        " and nothing is seen that ends it"
    )
    assert finding.evidence["rounds"] == {
        "traces": 63,
        "median": 1,
        "most": 6,
        "traces_stopped_by_a_limit": 0,
    }
    assert finding.evidence["synchronous"]


def test_a_circle_that_its_framework_had_to_stop_is_confirmed(past: Past) -> None:
    stopped = failing(tool("plan"), "langgraph.errors.GraphRecursionError")
    past.add(debate(3, "planner", "coder", "tester", last=stopped) for _ in range(5))

    (finding,) = past.look().findings

    assert finding.grade == "confirmed"
    assert finding.agents == ["coder", "tester", "planner"]
    assert "5 traces had to be stopped by the framework's limit" in finding.title
    assert len(finding.trace_ids) == 5


def test_of_few_traces_it_is_only_suspected_and_a_second_look_is_needed(past: Past) -> None:
    past.add(debate(rounds, "coder", "tester") for rounds in geometric(32))

    (finding,) = past.look().findings

    assert (finding.grade, finding.certain) == ("suspected", False)
    assert "too few to tell" in finding.title


def test_calls_of_several_traces_that_make_a_circle_together_can_deadlock(past: Past) -> None:
    past.add((agent("coder", agent("tester")) for _ in range(50)), apart_s=2)
    past.add((agent("tester", agent("coder")) for _ in range(50)), apart_s=2, at_ns=BEGAN_NS + 200 * SECOND)

    (finding,) = past.look().findings

    assert (finding.severity, finding.grade) == ("S3", "suspected")
    assert "no single trace goes all the way round" in finding.title
    assert "wait for each other for ever" in finding.advice


def test_a_ring_of_three_hand_offs_is_a_circle_but_nobody_waits(past: Past) -> None:
    relay = [agent("a", handing_over("b")), agent("b", handing_over("c")), agent("c", handing_over("a"))]
    past.add(agent("desk", *relay * rounds) for rounds in geometric(32))

    (finding,) = past.look().findings

    assert finding.agents == ["a", "b", "c"]
    assert not finding.evidence["synchronous"]


LOOK_ALIKES = [
    pytest.param([debate(3, "coder", "tester")] * 20, id="a debate of three rounds at most"),
    pytest.param(
        [debate(n, "coder", "tester") for n in (1, 2, 2, 3, 3, 3, 3) * 5], id="a debate that may agree before"
    ),
    pytest.param([debate(1, "coder", "tester")] * 60, id="a question back that has never led to another"),
    pytest.param([agent("solver", agent("solver", agent("solver")))] * 20, id="recursion of one agent"),
    pytest.param(
        [agent("supervisor", *[agent(name) for name in "abab"], model("gpt-5"))] * 20,
        id="a supervisor's star",
    ),
    pytest.param(
        [agent("desk", agent("supervisor", handing_over("a")), agent("a", handing_over("supervisor")),
               agent("supervisor", handing_over("b")), agent("b", handing_over("supervisor")))] * 20,
        id="workers that hand back to their supervisor",
    ),
    pytest.param([debate(2, "coder", "tester")], id="one trace alone"),
    pytest.param([debate(rounds, "coder", "tester") for rounds in (1, 2, 4, 1, 6)], id="few traces"),
    pytest.param([debate(1, "coder", "tester")] * 20, id="a question back"),
    pytest.param(
        [agent("coder", agent("tester"))] * 60 + [agent("tester", agent("coder"))] * 60,
        id="calls of several traces, of agents that do several things at once",
    ),
    pytest.param(
        [agent("coder", agent("tester"))] * 20 + [agent("tester", agent("coder"))] * 4,
        id="an edge that is rare",
    ),
    pytest.param([agent("a", agent("b", agent("c", agent("d"))), agent("d"))] * 20, id="calls downwards"),
    pytest.param(
        [agent("a", tool("ask", agent("b")))] * 20 + [agent("b", tool("ask", agent("c")))] * 20, id="a chain"
    ),
]  # fmt: skip


@pytest.mark.parametrize("roots", LOOK_ALIKES)
def test_what_only_looks_like_a_circle_is_not_told(past: Past, roots: list[Part]) -> None:
    past.add(roots)

    assert not past.look().findings


def test_projects_are_not_put_together(past: Past) -> None:
    past.add((agent("coder", agent("tester")) for _ in range(20)), project="one")
    past.add((agent("tester", agent("coder")) for _ in range(20)), project="two")

    assert not past.look().findings


def test_one_circle_keeps_its_name_and_may_come_back(past: Past) -> None:
    past.add(debate(rounds, "coder", "tester") for rounds in geometric(64))
    (finding,) = past.look().findings
    key = (finding.project, finding.fingerprint)

    outcome = past.look(frozenset({key, ("default", "gone")}))

    assert outcome.findings[0].fingerprint == finding.fingerprint
    assert outcome.resolutions["default", "gone"].word == "progressed"


def test_names_of_agents_are_told_as_plain_text(past: Past) -> None:
    odd = "co\nder\x1b[31m" + "x" * 500
    past.add(debate(rounds, odd, "tester") for rounds in geometric(64))

    (finding,) = past.look().findings

    assert all(name.isprintable() and len(name) <= 80 for name in finding.agents)
    assert "\n" not in finding.title


def test_of_more_steps_than_a_look_reads_one_trace_in_so_many_counts(past: Past) -> None:
    past.add(debate(rounds, "coder", "tester") for rounds in geometric(256))
    parameters = {**past.detector.parameters(past.window()), "steps_max": 1_000}

    rows = past.store.query(past.detector.sql, parameters)

    assert {row["one_in"] for row in rows} == {2}
    assert 0 < sum(row["traces"] for row in rows if row["walked"]) < 255
