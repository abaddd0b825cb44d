"""Where a sequence repeats itself, against a search that tries everything."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analytics.detectors.repetition import PERIOD_MAX, Repetition, repetitions

SEQUENCES = st.lists(st.sampled_from("abc"), max_size=40)
LEAST = 3


def found_in(keys: list[str | None] | str) -> list[Repetition]:
    return repetitions(keys, repeats_min=lambda _: LEAST)


def repeats_at(keys: list[str], start: int, period: int) -> int:
    """Count the cycles that follow each other from here, one by one."""
    cycle, count = keys[start : start + period], 0
    while len(cycle) == period and keys[start + count * period : start + (count + 1) * period] == cycle:
        count += 1
    return count


@given(SEQUENCES)
def test_what_is_found_repeats_as_often_as_it_says_and_is_whole(keys: list[str]) -> None:
    for run in found_in(keys):
        assert repeats_at(keys, run.start, run.period) >= run.repeats >= LEAST


@given(SEQUENCES)
def test_nothing_that_repeats_is_missed(keys: list[str]) -> None:
    told = {index for run in found_in(keys) for index in range(run.start, run.stop)}

    for start in range(len(keys)):
        for period in range(1, PERIOD_MAX + 1):
            if (repeats := repeats_at(keys, start, period)) >= LEAST:
                assert told & set(range(start, start + repeats * period))


@given(SEQUENCES)
def test_nothing_is_told_twice(keys: list[str]) -> None:
    runs = found_in(keys)

    assert all(a.stop <= b.start for a, b in pairwise(runs))


@given(SEQUENCES, st.integers(3, 8))
def test_a_higher_threshold_never_finds_more(keys: list[str], least: int) -> None:
    lower = repetitions(keys, repeats_min=lambda _: least)
    higher = repetitions(keys, repeats_min=lambda _: least + 1)

    assert sum(run.period * run.repeats for run in higher) <= sum(run.period * run.repeats for run in lower)


def test_the_shortest_period_is_told() -> None:
    assert found_in("aaaaaaaa") == [Repetition(0, 1, 8)]


def test_a_part_of_a_cycle_at_the_end_is_not_counted() -> None:
    assert found_in("abcabcabcab") == [Repetition(0, 3, 3)]


def test_what_is_not_known_repeats_nothing() -> None:
    assert not found_in([None] * 10)


def test_what_may_not_follow_ends_a_repetition() -> None:
    runs = repetitions("aaaaaa", repeats_min=lambda _: LEAST, follows=lambda _, later: later != 3)

    assert runs == [Repetition(0, 1, 3), Repetition(3, 1, 3)]
