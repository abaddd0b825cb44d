"""A trace that is large is not read at every touch, and nothing of it is lost or called stuck by that."""

from typing import Any

import pytest

from analytics.assembly.large_traces import KNOWN_MAX, LargeTraces


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def large(clock: Clock) -> LargeTraces:
    return LargeTraces(spans_min=10, rows_max=100, monotonic=clock)


def test_a_trace_is_large_from_the_bound_on(large: LargeTraces) -> None:
    large.learn({"small": 9, "large": 10})

    assert large.known == ["large"]


def test_turns_use_a_tenth_of_the_time(large: LargeTraces, clock: Clock) -> None:
    large.put_aside({"a": 1})
    assert large.turn() == ["a"]
    large.rest(elapsed_s=4.0)

    clock.now_s = 39.9
    assert large.turn() == []
    clock.now_s = 40.0
    assert large.turn() == ["a"]


def test_a_turn_is_never_further_than_a_restart_looks_back(large: LargeTraces, clock: Clock) -> None:
    large.put_aside({"a": 1})
    large.rest(elapsed_s=3_600.0)

    clock.now_s = 600.0
    assert large.turn() == ["a"]


def test_who_waits_longest_comes_first_and_as_many_as_fit(large: LargeTraces) -> None:
    large.learn({"a": 60, "b": 60, "c": 30, "huge": 1_000})
    large.put_aside({"a": 3, "b": 2, "c": 1, "huge": 4})

    assert large.turn() == ["c", "b"]
    large.done(["c", "b"])
    assert large.turn() == ["a"]
    large.done(["a"])
    assert large.turn() == ["huge"]


def test_what_fails_waits_behind_the_others_and_then_alone_as_if_nothing_had_happened(
    large: LargeTraces,
) -> None:
    large.put_aside({"bad": 1, "innocent": 2})
    large.learn({"other": 95})
    large.put_aside({"other": 3})
    assert large.turn() == ["bad", "innocent"]
    large.failed(["bad", "innocent"])

    assert large.waiting == {"bad": 1, "innocent": 2, "other": 3}
    for turn in (["other"], ["bad"]):
        assert large.turn() == turn
        large.done(turn)
    large.put_aside({"new": 4})
    assert large.turn() == ["innocent"]
    large.done(["innocent"])
    large.put_aside({"innocent": 5})
    assert large.turn() == ["new", "innocent"]


def test_what_arrives_later_does_not_move_the_time_that_is_assembled(large: LargeTraces) -> None:
    for received_ns in (5, 9, 3):
        large.put_aside({"a": received_ns})

    assert large.waiting == {"a": 3}


def test_no_more_traces_are_remembered_than_the_bound(large: LargeTraces) -> None:
    large.learn({str(number): 10 for number in range(KNOWN_MAX + 5)})
    large.put_aside({"0": 1})

    assert len(large.known) == KNOWN_MAX
    assert large.turn() == ["0"]


def test_assembled_traces_do_not_wait(large: LargeTraces) -> None:
    waits: dict[str, Any] = {"a": 1, "b": 2}
    large.put_aside(waits)
    large.done(["a"])

    assert large.waiting == {"b": 2}
