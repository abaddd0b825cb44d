"""Rings of agents that wait for each other, by spans that have ended alone."""

from typing import Any

from analytics.inferred.unfinished import Unfinished
from analytics.inferred.waits import inferred_waits
from analytics.waits.reduction import stuck_nodes
from analytics.waits.ring import first_rings
from analytics.waits.wait import Wait
from tests.analytics.inferred.conftest import Infer
from tests.analytics.plain_otlp import Recording

NOW_NS = 2**62


def waits(traces: Any) -> list[Wait]:
    return list(inferred_waits(traces, NOW_NS, _name))


def _name(_: Unfinished, agent: str) -> str:
    return agent


def rings(found: list[Wait]) -> list[tuple[str, ...]]:
    return [ring.members for ring in first_rings(found, stuck_nodes(found))]


def asking(*asks: tuple[str, str], began_s: float = 0) -> Recording:
    """Return agents of one trace that all began together and each asked another in turn."""
    recording = Recording()
    team = recording.span("team", at_s=0)
    runs = {agent: recording.agent(agent, team, at_s=began_s) for agent, _ in asks}
    for agent, run in runs.items():
        (id_,) = recording.answer(run, agent, "read_task", at_s=began_s)
        recording.tool(run, "read_task", id_, at_s=began_s + 1, end_s=began_s + 2)
    for number, (agent, call) in enumerate(asks):
        recording.answer(runs[agent], agent, call, at_s=10 + 2 * number)
    return recording


def test_planner_coder_and_tester_ask_each_other_in_a_ring(inferred: Infer) -> None:
    recording = asking(("planner", "ask_coder"), ("coder", "ask_tester"), ("tester", "ask_planner"))

    found = waits(inferred(recording.body))

    assert rings(found) == [("planner", "coder", "tester")]
    assert all(wait.inferred for wait in found)
    assert all(wait.since_ns < NOW_NS == wait.seen_ns for wait in found)


def test_the_agent_may_stand_in_the_arguments(inferred: Infer) -> None:
    recording = Recording()
    team = recording.span("team", at_s=0)
    runs = {name: recording.agent(name, team, at_s=0) for name in ("planner", "coder")}
    for name, run in runs.items():
        recording.answer(run, name, "read", at_s=0)
    recording.answer(runs["planner"], "planner", ("transfer_to_agent", {"agent_name": "coder"}), at_s=5)
    recording.answer(runs["coder"], "coder", ("delegate_work", {"coworker": "Planner"}), at_s=6)

    assert rings(waits(inferred(recording.body))) == [("planner", "coder")]


def test_who_waits_for_a_tool_beside_is_held_up_by_the_agent_all_the_same(inferred: Infer) -> None:
    recording = asking(("planner", "ask_coder"), ("coder", "await_tests"))

    (wait,) = waits(inferred(recording.body))

    assert (wait.waiter, wait.targets) == ("planner", ("coder",))
    assert not rings([wait])


def test_an_answer_that_came_breaks_the_ring(inferred: Infer) -> None:
    recording = Recording()
    team = recording.span("team", at_s=0)
    runs = {name: recording.agent(name, team, at_s=0) for name in ("planner", "coder")}
    recording.answer(runs["coder"], "coder", "ask_planner", at_s=3)
    (id_,) = recording.answer(runs["planner"], "planner", "ask_coder", at_s=1)
    recording.tool(runs["planner"], "ask_coder", id_, at_s=2, end_s=4)

    assert not rings(waits(inferred(recording.body)))


def test_an_agent_that_was_called_into_being_and_calls_back_is_a_recursion(inferred: Infer) -> None:
    """Agents as tools: planner's call starts a coder, whose call starts another planner."""
    recording = Recording()
    planner = recording.agent("planner", at_s=0)
    (id_,) = recording.answer(planner, "planner", "ask_coder", at_s=1)
    tool = recording.tool(planner, "ask_coder", id_, at_s=2)
    coder = recording.agent("coder", tool, at_s=2)
    recording.answer(coder, "coder", "ask_planner", at_s=3)

    assert [(wait.waiter, wait.targets) for wait in waits(inferred(recording.body))] == [
        ("planner", ("coder",))
    ]


def test_an_agent_with_two_runs_may_be_working_in_one_of_them(inferred: Infer) -> None:
    recording = Recording()
    team = recording.span("team", at_s=0)
    runs = {name: recording.agent(name.split()[0], team, at_s=0) for name in ("planner", "coder", "coder 2")}
    for name, run in runs.items():
        recording.answer(run, name.split()[0], "read", at_s=0)
    recording.answer(runs["planner"], "planner", "ask_coder", at_s=5)
    recording.answer(runs["coder"], "coder", "ask_planner", at_s=6)

    assert not rings(waits(inferred(recording.body)))


def test_while_a_person_is_waited_for_nobody_is_in_a_ring(inferred: Infer) -> None:
    recording = asking(
        ("planner", "ask_coder"), ("coder", "ask_planner"), ("writer", "request_human_approval")
    )

    assert not waits(inferred(recording.body))
