"""Turns: of a crowd, as many as there is room for, projects or errors one after the other. Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

One = TypeVar("One")


def in_turns(crowd: Iterable[One], whose: Callable[[One], Hashable], most: int) -> list[One]:
    """Return the first of each project, then the second of each, and so on: none takes the room of others.

    Parameters
    ----------
    whose
        The project, or what else is to take turns.

    Examples
    --------
    >>> in_turns(["a1", "a2", "a3", "a4", "b1"], lambda one: one[0], most=3)
    ['a1', 'b1', 'a2']
    """
    counts: Counter[Hashable] = Counter()
    turns: list[tuple[int, One]] = []
    for one in crowd:
        counts[whose(one)] += 1
        turns.append((counts[whose(one)], one))
    turns.sort(key=lambda turn: turn[0])
    return [one for _, one in turns[:most]]
