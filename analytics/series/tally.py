"""Tally: how much a series that is warming up had on each of its last days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

_DAY_S = 24 * 3600
# As long as counts are kept.
DAYS_MAX = 70
RECENT_D = 7
_MOST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Tally:
    """Calls and traces of the last days before a midnight, the latest day last.

    Parameters
    ----------
    until_s
        That midnight, 0 while no day was counted.
    """

    until_s: int = 0
    calls: Sequence[int] = ()
    traces: Sequence[int] = ()

    def lacks(self, from_s: int, until_s: int) -> bool:
        """Return whether it begins later than it could, of whole days in [from, until).

        Examples
        --------
        >>> tally = Tally().with_day(5 * 86_400, 7, 2)
        >>> tally.lacks(4 * 86_400, 5 * 86_400), tally.lacks(1, 5 * 86_400)
        (False, True)
        """
        begins_s = self.until_s - len(self.calls) * _DAY_S if self.calls else until_s
        return self.until_s <= until_s and first_s(from_s, until_s) < begins_s

    def with_day(self, midnight_s: int, calls: float, traces: float) -> "Tally":
        """Return it with the day before a midnight; a day that is in it stays as it is.

        Examples
        --------
        Of the day between nothing came.

        >>> Tally().with_day(86_400, 7, 2).with_day(3 * 86_400, 5, 1).calls
        (7, 0, 5)
        """
        if midnight_s <= self.until_s:
            return self
        between = min((midnight_s - self.until_s) // _DAY_S - 1, DAYS_MAX) if self.until_s else 0
        none, day = [0] * between, (min(int(calls), _MOST), min(int(traces), _MOST))
        every = [
            (*of, *none, one)[-DAYS_MAX:] for of, one in zip((self.calls, self.traces), day, strict=True)
        ]
        return Tally(midnight_s, *every)

    def since(self, from_s: int, now_s: int) -> "Tally":
        """Return its whole days in [from, now); of those after the last one that came there is nothing."""
        last_s = now_s // _DAY_S * _DAY_S
        every = self if last_s <= self.until_s else self.with_day(last_s, 0, 0)
        days = max(0, min((last_s - max(from_s, 0)) // _DAY_S, len(every.calls)))
        beyond = max(0, (every.until_s - last_s) // _DAY_S)
        end = len(every.calls) - beyond
        return Tally(last_s, *(tuple(of[max(0, end - days) : end]) for of in (every.calls, every.traces)))


NOTHING = Tally()


def midnight_from(at_s: int) -> int:
    """Return the first midnight that is no earlier than a time."""
    return -(-at_s // _DAY_S) * _DAY_S


def first_s(from_s: int, until_s: int, days: int = DAYS_MAX) -> int:
    """Return the first midnight from a time on that is at most so many days before another midnight."""
    return max(midnight_from(from_s), until_s - days * _DAY_S)


def per_day(days: Sequence[int]) -> float:
    """Return how many a day there were lately."""
    recent = days[-RECENT_D:]
    return sum(recent) / len(recent) if recent else 0.0
