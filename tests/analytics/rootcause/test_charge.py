"""Whom slow edges speak against: the one that is on all of them."""

import numpy as np

from analytics.rootcause.charge import charges
from analytics.rootcause.mark import Mark
from analytics.rootcause.spectrum import Cause

EDGES = ("shop → cart", "shop → bank", "shop → courier", "help → cart")


def charged(*slow: str) -> list[str]:
    """Whom it speaks against, if these of the edges are slow in all failing traces."""
    marks = {name: edge(name) for name in EDGES}
    causes = [Cause(marks[name], 50, 50, 50, 0, 1.0, 0.0) for name in slow]
    return [charge.who for charge in charges(causes, marks.values())]


def edge(name: str) -> Mark:
    caller, callee = name.split(" → ")
    shown = np.ones(1, np.bool_)
    return Mark("slow edge", name, shown, shown, callee, caller)


def test_one_slow_edge_is_charged_to_the_callee() -> None:
    assert charged("shop → bank") == ["bank", "shop"]


def test_all_slow_edges_of_a_caller_are_charged_to_the_caller() -> None:
    assert charged("shop → cart", "shop → bank", "shop → courier")[0] == "shop"


def test_all_slow_edges_to_a_callee_are_charged_to_the_callee() -> None:
    assert charged("shop → cart", "help → cart")[0] == "cart"


def test_nothing_is_charged_without_a_cause() -> None:
    assert charged() == []


def test_what_is_downstream_of_another_charges_nobody() -> None:
    mark, first = edge("shop → bank"), edge("shop → cart")
    cause = Cause(mark, 50, 50, 50, 0, 1.0, 0.0, downstream_of=first)

    assert charges([cause], [mark, first]) == []


def test_an_error_counts_once_whether_seen_as_a_failing_call_or_where_it_began() -> None:
    shown = np.ones(1, np.bool_)
    call, error = (Mark(sort, "pay: Timeout", shown, shown, "bank") for sort in ("failing call", "error"))
    once = charges([Cause(call, 50, 50, 50, 0, 1.0, 0.0)], [call])
    both = charges([Cause(call, 50, 50, 50, 0, 1.0, 0.0, alike=[error])], [call, error])

    assert [one.weight for one in both] == [one.weight for one in once]
