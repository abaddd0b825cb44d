"""What was taken in from whom: by ids, by values, by prose; and what only looks so."""

from typing import Any

import pytest

from analytics.flow import value_flows
from analytics.flow.flow import Flow
from analytics.flow.flows_in import flows_in
from analytics.flow.said import Said

SECOND = 1_000_000_000
PROSE = (
    "The northern reservoir lost a third of its water during the summer because two gates"
    " were left open after the maintenance of the spring"
)


def said(number: int, given: str = "", taken: str = "", **known: Any) -> Said:
    """Return a span of a second; each begins after the one before it ended."""
    return Said(
        **{
            "span_id": f"{number:016x}",
            "agent": f"agent {number}",
            "start_ns": 2 * number * SECOND,
            "end_ns": (2 * number + 1) * SECOND,
            "taken": (taken,),
            "given": (given,),
            **known,
        }
    )


def pairs(flows: list[Flow]) -> list[tuple[int, int, str]]:
    return [(int(flow.source, 16), int(flow.target, 16), flow.channel) for flow in flows]


def test_a_value_that_one_gave_and_another_took_in_is_a_flow() -> None:
    flows = flows_in([said(1, given='{"order": "ORD-1234"}'), said(2, taken="refund ORD-1234 please")])

    assert pairs(flows) == [(1, 2, "value")]
    assert flows[0].shared == ("ord-1234",)


def test_what_the_task_says_shows_nothing() -> None:
    spans = [said(1, given="I look at ORD-1234"), said(2, taken="refund ORD-1234")]

    assert flows_in(spans, task="Refund ORD-1234.") == []


def test_nobody_takes_in_what_comes_later() -> None:
    assert flows_in([said(1, taken="ORD-1234"), said(2, given="ORD-1234")]) == []


def test_one_value_that_several_gave_shows_nothing_and_two_do() -> None:
    two = [said(number, given="in 2024, in 2025") for number in (1, 2)]

    assert flows_in([*two, said(3, taken="of 2024")]) == []
    assert pairs(flows_in([*two, said(3, taken="of 2024 and 2025")])) == [(1, 3, "value"), (2, 3, "value")]


def test_what_everybody_says_shows_nothing() -> None:
    spans = [said(number, given="as of 2024 and 2025") for number in range(1, 6)]

    assert flows_in([*spans, said(9, taken="2024 2025")]) == []


def test_prose_that_is_passed_on_is_a_flow() -> None:
    flows = flows_in([said(1, given=f"Found: {PROSE}."), said(2, taken=f"Write this up: {PROSE}!")])

    assert pairs(flows) == [(1, 2, "prose")]
    assert flows[0].share > 0.9


def test_other_prose_on_the_same_subject_is_none() -> None:
    other = "During the summer the reservoir in the north was losing water, since gates stood open in spring"

    assert flows_in([said(1, given=PROSE), said(2, taken=other)]) == []


def test_a_calls_id_is_explicit_however_many_say_it() -> None:
    asks = [said(number, given='{"id": "call_9x8"}') for number in range(1, 6)]

    flows = flows_in(
        [*asks, said(7, taken="{}", call_id="call_9x8"), said(8, taken="call_9x8", call_id="call_9x8")]
    )

    assert {flow.channel for flow in flows} == {"explicit"}
    assert len(flows) == 5


def test_an_answer_is_made_of_what_is_below_it() -> None:
    agent = said(1, given="The balance is 1,250.50", start_ns=0, end_ns=9 * SECOND)
    tool = said(2, given='{"balance": 1250.5}', above=frozenset({agent.span_id}))

    assert pairs(flows_in([agent, tool])) == [(2, 1, "value")]


def test_one_flow_from_each_giver_to_each_agent_the_first() -> None:
    calls = [said(number, taken="ORD-1234", agent="clerk") for number in (2, 3, 4)]

    assert pairs(flows_in([said(1, given="ORD-1234"), *calls])) == [(1, 2, "value")]


def test_what_is_huge_or_no_text_is_bounded() -> None:
    hostile = "\udcff\x00" + "9" * 100_000 + " " + "a1b2 " * 50_000
    spans = [said(number, given=hostile, taken=hostile) for number in range(1, 5)]

    assert flows_in(spans, task=hostile) == []


def told_again(calls: int, **known: Any) -> tuple[list[Said], list[str]]:
    """Return one that gives an order, and calls of one agent that take all of it each time."""
    takers = [said(number, taken="ORD-1234", agent="clerk", **known) for number in range(2, calls + 2)]
    return [said(1, given="ORD-1234"), *takers], [taker.span_id for taker in takers]


def test_to_ends_every_flow_is_found_whatever_their_agent_took_in_before() -> None:
    spans, ends = told_again(3)

    assert pairs(flows_in(spans, ends=ends[1:])) == [(1, number, "value") for number in (2, 3, 4)]


def test_as_many_ends_are_looked_at_as_began_first() -> None:
    spans, ends = told_again(value_flows.ENDS_MAX + 20)

    assert len(flows_in(spans, ends=ends)) == value_flows.ENDS_MAX + 1


def test_what_is_looked_at_for_ends_leaves_half_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_flows, "LOOKS_MAX", 20)
    spans, ends = told_again(100)
    late = said(200, taken="ORD-1234")

    assert pairs(flows_in([*spans, late], ends=ends)) == [
        *((1, number, "value") for number in range(2, 13)), (1, 200, "value")
    ]  # fmt: skip


def test_in_a_text_that_many_take_values_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    find = value_flows._Texts._find
    monkeypatch.setattr(
        value_flows._Texts, "_find", lambda self, text: looked.append(text) or find(self, text)
    )
    spans, ends = told_again(50)

    flows_in(spans, ends=ends)

    assert looked == ["", "ORD-1234"]
