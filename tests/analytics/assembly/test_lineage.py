"""Descent over arrays, against the plain way of following parents."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.assembly.lineage import above, depths, nearest
from analytics.assembly.open_work import newest_beneath, open_beneath

FORESTS = st.integers(1, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, n), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
    )
)


def line(parents: list[int], row: int) -> list[int]:
    """A row and its ancestors; a circle ends where it closes."""
    seen: list[int] = []
    while row < len(parents) and row not in seen:
        seen.append(row)
        row = parents[row]
    return seen


def has_circle(parents: list[int], row: int) -> bool:
    last = line(parents, row)[-1]
    return parents[last] < len(parents)


@given(FORESTS)
def test_the_nearest_flagged_ancestor_is_found(forest: tuple[list[int], list[bool]]) -> None:
    parents, flags = forest

    found = nearest(np.array(parents), np.array(flags))

    for row, answer in enumerate(found):
        flagged = [one for one in line(parents, row) if flags[one]]
        if flagged or not has_circle(parents, row):
            assert answer == (flagged[0] if flagged else len(parents))


@given(FORESTS)
def test_depth_counts_generations(forest: tuple[list[int], list[bool]]) -> None:
    parents, _ = forest

    for row, depth in enumerate(depths(np.array(parents))):
        expected = len(parents) if has_circle(parents, row) else len(line(parents, row)) - 1
        assert depth == expected


@given(FORESTS)
def test_what_lies_beneath_is_gathered(forest: tuple[list[int], list[bool]]) -> None:
    parents, flags = forest
    moved = np.arange(len(parents)) * 7 % 11

    newest, opened = (
        newest_beneath(np.array(parents), moved),
        open_beneath(np.array(parents), np.array(flags)),
    )

    if not any(has_circle(parents, row) for row in range(len(parents))):
        for row in range(len(parents)):
            beneath = [one for one in range(len(parents)) if row in line(parents, one)]
            assert newest[row] == max(moved[one] for one in beneath)
            assert opened[row] == sum(flags[one] for one in beneath if one != row)


def test_a_circle_of_parents_ends() -> None:
    circle = np.array([1, 2, 0])

    assert nearest(circle, np.array([False, False, False])).tolist() == [3, 3, 3]
    assert above(circle, nearest(circle, np.array([False, True, False]))).tolist() == [1, 1, 1]
    assert newest_beneath(circle, np.array([1, 2, 3])).tolist() == [1, 2, 3]
