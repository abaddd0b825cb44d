"""Graph reduction, beside a definition so plain that it cannot be wrong: who may act, acts."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.waits.reduction import stuck_nodes
from analytics.waits.wait import Wait

NODES = "abcdef"


@st.composite
def graphs(draw: st.DrawFn) -> list[Wait]:
    waits = []
    for number in range(draw(st.integers(0, 9))):
        targets = tuple(draw(st.lists(st.sampled_from(NODES), min_size=1, max_size=3, unique=True)))
        needed = draw(st.integers(1, len(targets)))
        since_ns = draw(st.integers(0, 5))
        waiter = draw(st.sampled_from(NODES))
        # a span that waits, right below one of another agent, shows that this one waits for it too
        shown_by = str(number // draw(st.integers(1, 2)))
        waits.append(Wait(shown_by, waiter, targets, needed, since_ns, since_ns + draw(st.integers(0, 5))))
    return waits


def left_over(waits: list[Wait], working: set[str]) -> set[str]:
    """Let whoever can act do so, one after the other, until nobody can."""
    stuck = {wait.waiter for wait in waits} - working
    while True:
        granted = {
            wait.waiter
            for wait in waits
            if wait.waiter in stuck and sum(target not in stuck for target in wait.targets) >= wait.needed
        }
        if not granted:
            return stuck
        stuck -= granted


@given(graphs(), st.sets(st.sampled_from(NODES), max_size=2))
def test_what_is_left_is_what_plain_simulation_leaves(waits: list[Wait], working: set[str]) -> None:
    assert stuck_nodes(waits, working) == left_over(waits, working)


@given(graphs(), st.sampled_from(NODES))
def test_one_more_that_works_never_makes_more_stuck(waits: list[Wait], node: str) -> None:
    assert stuck_nodes(waits, {node}) <= stuck_nodes(waits)


def wait(waiter: str, *targets: str, needed: int | None = None) -> Wait:
    return Wait(f"{waiter}{targets}", waiter, targets, needed or len(targets), 0, 9)


def test_a_race_with_a_branch_that_lives_is_no_deadlock() -> None:
    assert stuck_nodes([wait("a", "b", "c", needed=1), wait("b", "a")]) == frozenset()


def test_a_race_all_of_whose_branches_wait_is_a_knot() -> None:
    knot = [wait("a", "b", "c", needed=1), wait("b", "a"), wait("c", "a")]
    assert stuck_nodes(knot) == {"a", "b", "c"}


def test_a_quorum_is_lost_with_the_vote_that_it_cannot_do_without() -> None:
    two_wait = [wait("b", "a"), wait("c", "a")]
    assert stuck_nodes([wait("a", "b", "c", "d", needed=1), *two_wait]) == frozenset()
    assert stuck_nodes([wait("a", "b", "c", "d", needed=2), *two_wait]) == {"a", "b", "c"}


def test_a_node_in_which_something_goes_on_is_not_stuck() -> None:
    assert stuck_nodes([wait("a", "b"), wait("b", "a")], working={"b"}) == frozenset()


def test_whoever_waits_for_the_stuck_is_stuck_with_them() -> None:
    assert stuck_nodes([wait("a", "b"), wait("b", "a"), wait("c", "a")]) == {"a", "b", "c"}
