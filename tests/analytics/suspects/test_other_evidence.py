"""Contradictions, contract breaks and loops, and what only looks like them."""

from dataclasses import replace

import pytest

from tests.analytics.suspects.talk import against, evidence, runs, says


def kinds(found: list[tuple[str, str, int]], kind: str) -> list[tuple[str, int]]:
    return [(grade, place) for one, grade, place in found if one == kind]


def test_another_number_for_the_same_thing_is_a_contradiction() -> None:
    found = against(says("a", "Orders in May: 12"), says("b", "- **Orders in May**: 13"))

    assert kinds(found, "contradiction") == [("suspected", 1)]


def test_whom_a_tool_contradicts_is_the_suspect() -> None:
    found = against(says("a", "Orders in May: 12"), runs("count", "", "Orders in May: 13"))

    assert kinds(found, "contradiction") == [("probable", 0)]


def test_who_contradicts_a_tool_is_the_suspect() -> None:
    found = evidence(says("a", "count"), runs("count", "count", '{"orders": 13}'), says("a", "Orders: 12"))

    (one,) = [each for each in found if each.kind == "contradiction"]
    assert (one.grade, one.place) == ("probable", 2)
    assert one.text == "it says Orders is 12; count had said 13 (turn 1)"


@pytest.mark.parametrize(
    "later",
    [
        pytest.param("Average: 3.14", id="the same, rounded"),
        pytest.param("Average: 3.14159\nStep: 2", id="another step"),
        pytest.param("Average price: 7", id="another thing"),
        pytest.param("```\nAverage = 7\n```", id="code assigns"),
    ],
)
def test_what_agrees_is_no_contradiction(later: str) -> None:
    found = against(says("a", "Average: 3.14159\nStep: 1"), says("b", later))

    assert kinds(found, "contradiction") == []


@pytest.mark.parametrize(
    "gave", ["[]", "null", "exitcode: 0 (execution succeeded)\nCode output: ", "No results."]
)
def test_who_asked_for_what_gave_nothing(gave: str) -> None:
    assert against(says("a", "find x"), runs("search", "find x", gave)) == [
        ("contract break", "suspected", 0)
    ]


@pytest.mark.parametrize("gave", ["0", "false", "No. 12 is open", '{"rows": []}'])
def test_little_is_not_nothing(gave: str) -> None:
    assert against(says("a", "find x"), runs("search", "find x", gave)) == []


def test_a_refusal_is_a_contract_break() -> None:
    assert against(says("a", "I cannot access the file.")) == [("contract break", "suspected", 0)]


def test_the_start_of_a_loop_is_suspected_and_no_echo_of_two() -> None:
    turns = [says("a", "Go on."), says("b", "You go on.")]

    assert kinds(against(says("c", "Begin."), *turns * 3), "loop start") == [("suspected", 1)]
    assert kinds(against(says("c", "Begin."), *turns * 2), "loop start") == []


def test_who_wrote_wrong_arguments_is_suspected_and_of_a_wrong_result_the_tool() -> None:
    asks = says("a", "pay 7")
    wrong = replace(
        runs("pay", "pay 7", "done"), breaks=[("user", "input", "$.amount, type: number expected")]
    )
    learned = replace(
        runs("pay", "pay 7", "done"), breaks=[("learned", "output", "$.id, missing: present expected")]
    )

    (found,) = [one for one in evidence(asks, wrong) if one.kind == "contract break"]

    assert (found.grade, found.place) == ("confirmed", 0)
    assert found.text == "what pay was given breaks its contract: '$.amount, type: number expected'"
    assert kinds(against(asks, learned), "contract break") == [("probable", 1)]
