"""Traces whose names a client chose to be many: what is inferred of them costs no pass over all for each."""

import time
from typing import Any

import pytest

from analytics.inferred.calls import Call
from analytics.inferred.heard import Heard
from analytics.inferred.inference import infer
from analytics.inferred.returned import Returned
from analytics.inferred.step import Step
from analytics.inferred.unfinished import OpenWork, Unfinished
from analytics.inferred.waits import inferred_waits

SPANS = 5_000


def step(number: int, **fields: Any) -> Step:
    """Return a span of a run of its own."""
    usual = dict.fromkeys(("agent_version", "service", "service_instance", "operation", "tool"), "")
    usual |= dict.fromkeys(("tool_call_id", "model", "handoff_to", "wait_reason"), "")
    return Step(
        project="p",
        trace_id="t",
        span_id=f"{number:016x}",
        parent_span_id=f"{SPANS + number:016x}",
        **(
            usual
            | {
                "name": f"name {number}",
                "kind": "llm",
                "agent": f"agent {number}",
                "start_ns": 10**9 + number * 10,
                "end_ns": 10**9 + number * 10 + 5,
                "finish_reasons": [],
            }
            | fields
        ),
    )


def cpu_s(began_s: float) -> float:
    return time.process_time() - began_s


def test_hand_offs_to_thousands_of_names() -> None:
    steps = [step(number, kind="handoff", handoff_to=f"nobody {number}") for number in range(SPANS)]
    began_s = time.process_time()

    assert len(infer(steps, {}).work) == SPANS
    assert cpu_s(began_s) < 3


def test_answers_that_ask_for_thousands_of_names() -> None:
    steps = [step(number) for number in range(800)]
    calls = {one.span_id: [Call(f"c{n}", f"{one.name} {n}", "") for n in range(64)] for one in steps}
    began_s = time.process_time()

    assert len(infer(steps, calls).work) == 800 * 64
    assert cpu_s(began_s) < 5


def test_answers_followed_by_thousands_of_tools() -> None:
    asking = [step(number) for number in range(SPANS // 2)]
    tools = [step(number, kind="tool", tool=f"tool {number}") for number in range(SPANS // 2, SPANS)]
    calls = {one.span_id: [Call("", "tool", "")] for one in asking}
    began_s = time.process_time()

    infer([*asking, *tools], calls)

    assert cpu_s(began_s) < 3


def test_a_chain_of_thousands_of_callers_is_a_recursion() -> None:
    work = [asks(number) for number in range(SPANS)]
    trace = Unfinished("p", "t", "", "", [], [], 0, 0, SPANS, 0, 0, SPANS, work)
    began_s = time.process_time()

    assert len(list(inferred_waits([trace], 10**9, lambda _, agent: agent))) < SPANS
    assert cpu_s(began_s) < 2


def asks(number: int) -> OpenWork:
    agent, target = f"agent {number}", f"agent {(number + 1) % SPANS}"
    ids = f"{number:016x}", f"{number:016x}"
    return OpenWork("call", *ids, agent, target, target, "", "", "", "", "", False, 10 * number, 10 * number)


@pytest.mark.parametrize(("since_ns", "heard"), [(10**9 + 5, True), (10**9 + 6, False)])
def test_who_hands_over_to_itself_is_not_heard_by_that(since_ns: int, *, heard: bool) -> None:
    first, last = step(0, agent="Coder"), step(1, agent="coder")

    assert Heard([first, last]).of("coder", since_ns=since_ns, but=last) is heard


def test_calls_return_by_id_else_by_name_as_often_as_they_were_made() -> None:
    tools = [
        step(1, kind="tool", tool="search", tool_call_id="c1", agent="coder"),
        step(2, kind="tool", tool="search", agent="coder"),
        step(3, kind="tool", tool="search", agent="somebody else"),
        step(4, kind="tool", tool="look", agent=""),
    ]
    calls = [Call("c1", "search", ""), Call("", "Search", ""), Call("c3", "search", ""), Call("", "look", "")]

    assert Returned(tools).missing(calls, "coder", 0) == [calls[2]]
    assert Returned(tools).missing(calls, "", 0) == []
    assert Returned(tools).missing(calls, "coder", tools[0].start_ns + 1) == calls[1:3]
