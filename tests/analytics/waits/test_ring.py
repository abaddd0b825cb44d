"""Rings: real cycles of real waits, the first that closed, and no phantom."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.waits.reduction import stuck_nodes
from analytics.waits.ring import first_rings
from analytics.waits.wait import Wait
from tests.analytics.waits.test_reduction import graphs

S = 1_000_000_000


def wait(waiter: str, target: str, since_s: float, seen_s: float = 100, **more: int) -> Wait:
    return Wait(f"{waiter}>{target}", waiter, (target,), 1, int(since_s * S), int(seen_s * S), **more)


def rings(*waits: Wait) -> list[tuple[str, ...]]:
    return [ring.members for ring in first_rings(waits, stuck_nodes(waits))]


@given(graphs())
def test_a_ring_is_a_cycle_of_waits_among_the_stuck(waits: list[Wait]) -> None:
    stuck = stuck_nodes(waits)
    for ring in first_rings(waits, stuck):
        following = (*ring.edges[1:], ring.edges[0])
        assert all(
            edge.target == after.wait.waiter for edge, after in zip(ring.edges, following, strict=True)
        )
        assert len(set(ring.members)) == len(ring.members)
        assert set(ring.members) <= stuck


@given(graphs())
def test_whatever_is_stuck_is_in_a_ring_or_waits_for_one(waits: list[Wait]) -> None:
    stuck = stuck_nodes(waits)
    held = {member for ring in first_rings(waits, stuck) for member in ring.members}
    for _ in waits:
        held |= {wait.waiter for wait in waits if wait.waiter in stuck and held & set(wait.targets)}
    assert held == stuck


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_waits_does_not_matter(waits: list[Wait], chance: object) -> None:
    again = list(waits)
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert first_rings(again, stuck_nodes(again)) == first_rings(waits, stuck_nodes(waits))


def test_four_polite_agents_are_a_ring_in_order() -> None:
    assert rings(
        wait("planner", "coder", 1),
        wait("coder", "tester", 2),
        wait("tester", "writer", 3),
        wait("writer", "planner", 4),
    ) == [("planner", "coder", "tester", "writer")]


def test_who_waits_for_a_ring_is_not_in_it() -> None:
    assert rings(wait("a", "b", 1), wait("b", "a", 2), wait("c", "a", 0)) == [("a", "b")]


def test_the_ring_that_closed_first_is_the_one_to_blame() -> None:
    first = (wait("a", "b", 1), wait("b", "a", 2))
    both = Wait("b>ac", "b", ("a", "c"), 2, 2 * S, 100 * S)
    assert rings(*first) == [("a", "b")]
    assert rings(first[0], both, wait("c", "b", 9)) == [("a", "b")]


def test_two_rings_apart_are_two() -> None:
    assert rings(wait("a", "b", 1), wait("b", "a", 2), wait("c", "d", 3), wait("d", "c", 4)) == [
        ("a", "b"),
        ("c", "d"),
    ]


def test_an_agent_that_waits_for_itself_is_a_ring_of_one() -> None:
    assert rings(wait("a", "a", 1)) == [("a",)]


def test_waits_that_never_held_together_are_a_phantom() -> None:
    (phantom,) = first_rings([wait("a", "b", 0, 3), wait("b", "a", 4, 9)], frozenset("ab"))
    (real,) = first_rings([wait("a", "b", 0, 6), wait("b", "a", 4, 9)], frozenset("ab"))
    assert not phantom.is_real(skew_ns=0)
    assert real.is_real(skew_ns=0)
    assert real.is_real(skew_ns=2 * S)
    assert not real.is_real(skew_ns=2 * S + 1)


def test_a_ring_lasts_until_its_first_deadline() -> None:
    (ring,) = first_rings(
        [wait("a", "b", 0, deadline_ns=70), wait("b", "a", 4, deadline_ns=60)], frozenset("ab")
    )
    assert ring.deadline_ns == 60
