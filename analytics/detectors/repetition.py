"""Repetition: where a sequence repeats itself. Pure."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

PERIOD_MAX = 6


@dataclass(frozen=True, slots=True)
class Repetition:
    """A part of a sequence in which a cycle follows itself.

    Parameters
    ----------
    start
        Index of the first element of the first cycle.
    period
        Elements in a cycle.
    repeats
        How often the whole cycle stands there, the first time included.
    """

    start: int
    period: int
    repeats: int

    @property
    def stop(self) -> int:
        """Index behind the last whole cycle."""
        return self.start + self.period * self.repeats

    def cycle(self, number: int) -> range:
        """Return the indices of one cycle; -1 is the last one."""
        first = self.start + self.period * (number % self.repeats)
        return range(first, first + self.period)


def repetitions(
    keys: Sequence[Hashable],
    *,
    repeats_min: Callable[[int], int],
    follows: Callable[[int, int], bool] = lambda _earlier, _later: True,
) -> list[Repetition]:
    """Return the longest repetitions of a sequence, in its order; none overlaps another.

    A shorter period goes before a longer one: ``aaaa`` is a cycle of one and not of two. Each period
    takes one pass, so the cost is six times the length, whatever is in the sequence.

    Parameters
    ----------
    keys
        What is compared; None is equal to nothing.
    repeats_min
        By the period, how many cycles are worth telling.
    follows
        Whether the second index may be the first one's repetition.

    Examples
    --------
    >>> repetitions("xababab", repeats_min=lambda period: 3)
    [Repetition(start=1, period=2, repeats=3)]
    """
    taken = [False] * len(keys)
    found: list[Repetition] = []
    for period in range(1, PERIOD_MAX + 1):
        for run in _runs(keys, period, follows, taken):
            if run.repeats >= repeats_min(period):
                found.append(run)
                taken[run.start : run.stop] = [True] * (run.stop - run.start)
    return sorted(found, key=lambda run: run.start)


def _runs(
    keys: Sequence[Hashable], period: int, follows: Callable[[int, int], bool], taken: Sequence[bool]
) -> Iterator[Repetition]:
    """Yield the maximal repetitions of one period among what no shorter one has taken."""
    matched = 0
    for index in range(period, len(keys) + 1):
        earlier = index - period
        is_match = (
            index < len(keys)
            and keys[index] is not None
            and keys[index] == keys[earlier]
            and not (taken[index] or taken[earlier])
            and follows(earlier, index)
        )
        if is_match:
            matched += 1
        elif matched:
            yield Repetition(index - matched - period, period, matched // period + 1)
            matched = 0
