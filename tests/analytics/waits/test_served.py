"""Which waits are for somebody who is at work."""

from collections.abc import Iterable

from analytics.waits.graph import WaitEdge
from analytics.waits.served import served


def edge(waiter: str, target: str, project: str = "shop") -> WaitEdge:
    return WaitEdge(project, waiter, target, "agent", "", 1, 1, 0, 0, None, waiter, "", inferred=False)


def waiters(edges: Iterable[WaitEdge], *at_work: str) -> set[str]:
    """Return who waits for somebody at work; the id of a wait is its waiter's."""
    return {waiter for _, waiter in served(edges, [("shop", name) for name in at_work])}


def test_a_chain_of_waits_leads_to_who_is_at_work() -> None:
    chain = [edge("planner", "coder"), edge("coder", "tester"), edge("writer", "editor")]

    assert waiters(chain, "tester") == {"planner", "coder"}
    assert waiters(chain, "planner") == set()


def test_one_of_several_at_work_is_enough() -> None:
    assert waiters([edge("planner", "coder"), edge("planner", "tester")], "tester") == {"planner"}


def test_a_ring_is_served_by_nobody_but_by_a_way_out_of_it() -> None:
    ring = [edge("planner", "coder"), edge("coder", "planner")]

    assert waiters(ring) == set()
    assert waiters([*ring, edge("coder", "tester")], "tester") == {"planner", "coder"}


def test_projects_have_nothing_to_do_with_each_other() -> None:
    assert waiters([edge("planner", "coder", project="bank")], "coder") == set()


def test_a_chain_of_100_000_takes_no_time_to_speak_of() -> None:
    chain = [edge(str(number), str(number + 1)) for number in range(100_000)]

    assert len(waiters(chain, "100000")) == 100_000
