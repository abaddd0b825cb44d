"""Turns: of a crowd, as many as there is room for, projects one after the other. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

One = TypeVar("One")


def in_turns(crowd: Iterable[One], project_of: Callable[[One], str], most: int) -> list[One]:
    """Return the first of each project, then the second of each, and so on: none takes the room of others.

    Examples
    --------
    >>> in_turns(["a1", "a2", "a3", "a4", "b1"], lambda one: one[0], most=3)
    ['a1', 'b1', 'a2']
    """
    counts: Counter[str] = Counter()
    turns: list[tuple[int, One]] = []
    for one in crowd:
        counts[project_of(one)] += 1
        turns.append((counts[project_of(one)], one))
    turns.sort(key=lambda turn: turn[0])
    return [one for _, one in turns[:most]]
