"""Which open span is below which, whatever ids a client sends."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from analytics.detectors.open_tree import OpenTree
from tests.analytics.detectors.open_rows import parsed


def test_ancestors_come_nearest_first() -> None:
    tree = OpenTree([parsed(1), parsed(2, parent=1), parsed(3, parent=2)])

    assert list(tree.above(2)) == [1, 0]


def test_the_same_ids_in_two_projects_or_traces_are_different_spans() -> None:
    tree = OpenTree([parsed(1), parsed(2, parent=1, project="copy"), parsed(3, parent=1, trace_id="f" * 32)])

    assert [list(tree.above(number)) for number in range(3)] == [[], [], []]


def test_a_span_whose_parent_is_not_open_hangs_below_the_youngest_that_holds_something_open() -> None:
    oldest, youngest = (
        parsed(1, age_s=50, open_descendants=2),
        parsed(2, age_s=40, parent=1, open_descendants=1),
    )

    tree = OpenTree([oldest, youngest, parsed(3, age_s=30, parent=99), parsed(4, age_s=60, parent=98)])

    assert [list(tree.above(number)) for number in (2, 3)] == [[1, 0], []]


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=10))
def test_every_walk_upwards_ends(links: list[tuple[int, bool]]) -> None:
    rows = [
        parsed(number, parent=parent, open_descendants=int(holds))
        for number, (parent, holds) in enumerate(links)
    ]

    tree = OpenTree(rows)

    for number in range(len(rows)):
        above = list(tree.above(number))
        assert len(above) == len(set(above) - {number})


class CountingTree(OpenTree):
    steps = 0

    def above(self, number: int) -> Iterator[int]:
        for ancestor in super().above(number):
            self.steps += 1
            yield ancestor


def test_a_chain_of_twenty_thousand_spans_is_walked_once() -> None:
    rows = [parsed(number, parent=number - 1, open_descendants=1) for number in range(1, 20_001)]
    tree = CountingTree(rows)

    below = tree.nearest_below(range(len(rows)))

    assert len(below) == len(rows) - 1
    assert tree.steps < 2 * len(rows)
