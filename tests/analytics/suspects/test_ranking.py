"""The order of suspects, that there are at most three, and that nothing costs more than it may."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.suspects.ranking import suspects_in
from analytics.suspects.turn import Turn
from tests.analytics.suspects.talk import runs, says


def test_an_error_goes_before_a_value_and_both_before_the_first_to_work() -> None:
    task = "Find the price of a day's ticket"
    turns = (
        says("lead", f"Do it: {task}"), says("clerk", "I begin."), says("clerk", "It costs 137.50."),
        says("coder", "pay(137.50)"), runs("shell", "pay(137.50)", "exit code: 1"),
    )  # fmt: skip

    found = suspects_in(task, turns)

    assert [(one.place, one.evidence[0].kind) for one in found] == [
        (3, "hard error"), (2, "ungrounded value"), (1, "first worker"),
    ]  # fmt: skip


def test_weak_evidence_goes_behind_the_first_to_work() -> None:
    found = suspects_in("look", (says("a", "I look."), says("b", "I cannot access it.")))

    assert [(one.place, one.grade) for one in found] == [(0, "prior"), (1, "suspected")]


def test_without_evidence_the_first_to_work_is_named_and_said_to_be_a_prior() -> None:
    task = "Sum up what the others have said"
    (only,) = suspects_in(task, (says("lead", f"You should: {task}"), says("clerk", "Done.")))

    assert (only.turn.agent, only.grade) == ("clerk", "prior")
    assert only.evidence[0].text == "it is the first to work on the task: a prior, no evidence"


def test_all_evidence_against_a_turn_stands_with_it() -> None:
    turns = (
        says("a", "Assuming the file is there: read_csv('x.csv')"),
        runs("shell", "read_csv('x.csv')", "exit code: 1"),
    )

    assert [[each.kind for each in one.evidence] for one in suspects_in("read", turns)] == [
        ["hard error", "ungrounded value", "ungrounded value", "first worker"]
    ]


def test_a_trace_of_nothing_has_no_suspects() -> None:
    assert suspects_in("", ()) == []
    assert suspects_in("", (runs("shell", "", "fine"),)) == []


HOSTILE = {
    "a megabyte of brackets": "[" * 1_000_000,
    "a bomb of JSON": '{"error":' * 100_000 + "1" + "}" * 100_000,
    "numbers": " ".join(str(number * 7_919) for number in range(20_000)),
    "addresses": " ".join(f"https://x{number}.test/{number}" for number in range(20_000)),
    "ids": " ".join(f"A-{number:06d}" for number in range(20_000)),
    "one word": "a1" * 500_000,
    "fences": "```" * 300_000,
    "not UTF-8": "\ud800 Total: 137.50 \udfff" * 1_000,
    "digits of another script": "\u0661\u0662\u0663\u0664 = \u0665 " * 10_000,
    "lines": "Total of a:\n" * 100_000,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_hostile_texts_cost_seconds_at_most_and_are_told_in_few_words(text: str) -> None:
    turns = [
        says("a", part) if number % 2 else runs("shell", part, f"{number} {part}", failed=number % 4 == 0)
        for number in range(300)
        for part in [text if number < 2 else text[:30_000]]
    ]

    began_s = time.process_time()
    found = suspects_in("Do it.", turns)

    assert time.process_time() - began_s < 10
    assert all(len(each.text) < 600 for one in found for each in one.evidence)
    for one in found:
        for each in one.evidence:
            each.text.encode("utf-8")


_TEXTS = st.text(max_size=40) | st.sampled_from(
    ["exit code: 1", "[]", "Total: 137", "Total: 138", "I cannot run it"]
)


@given(
    st.text(max_size=20),
    st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), _TEXTS, _TEXTS), max_size=12),
)
def test_any_trace_has_at_most_three_suspects_each_with_evidence(
    task: str, said: list[tuple[str, bool, str, str]]
) -> None:
    turns = [
        Turn(span_id=str(place), agent=agent, kind="tool" if is_tool else "llm", input=asked, output=gave)
        for place, (agent, is_tool, asked, gave) in enumerate(said)
    ]

    found = suspects_in(task, turns)

    assert len(found) <= 3
    assert len({one.place for one in found}) == len(found)
    assert all(one.evidence and one.turn.span_id == str(one.place) for one in found)
    assert bool(found) >= any(not turn.runs for turn in turns)
