"""Grounds: what has been said so far, and what follows from it by arithmetic. Pure."""

import numpy as np
from numpy.typing import NDArray

from analytics.suspects.value import Value, numbers_in

Numbers = NDArray[np.float64]

# The latest numbers are those that are computed with: with more, everything follows from something.
NUMBERS_MAX = 200
# Questions are answered for so many values of a trace; those after them count as contained.
QUESTIONS_MAX = 1_000
CHARACTERS_MAX = 2_000_000
# Sums are looked for among neighbours as well: a column, a list.
_RUN_MAX = 12
_RELATIVE = 1e-9


class Grounds:
    """What earlier messages contain; grows message by message."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._characters = 0
        self._numbers: dict[float, None] = {}
        self._questions = 0

    def add(self, text: str) -> None:
        """Take what was said for known from now on."""
        if self._characters < CHARACTERS_MAX:
            self._texts.append(_plain(text))
            self._characters += len(text)
        self.add_numbers(numbers_in(text, NUMBERS_MAX))

    def add_numbers(self, numbers: list[float]) -> None:
        """Take numbers for known; the oldest are forgotten when there are too many."""
        for number in numbers:
            self._numbers.pop(number, None)
            self._numbers[number] = None
        while len(self._numbers) > NUMBERS_MAX:
            del self._numbers[next(iter(self._numbers))]

    def contain(self, value: Value) -> bool:
        """Whether an earlier message has the value, or a number follows from earlier ones.

        Examples
        --------
        >>> grounds = Grounds()
        >>> grounds.add("2 adults at $20.00, 3 of them for 4 visits; ticket A-77Q12")
        >>> [grounds.contain(Value("number", one)) for one in ("80", "6.67", "317")]
        [True, True, False]
        >>> grounds.contain(Value("id", "A-77Q12"))
        True
        """
        self._questions += 1
        if self._questions > QUESTIONS_MAX:
            return True
        if value.kind == "number":
            return self._follows(value)
        wanted = _plain(value.text)
        return any(wanted in text for text in self._texts)

    def _follows(self, value: Value) -> bool:
        """Whether it is known, perhaps rounded; one operation on two known ones; or a sum of neighbours."""
        numbers = np.fromiter(self._numbers, dtype=float, count=len(self._numbers))
        known = np.sort(numbers)
        divisors = known[known != 0]
        half = 0.5 * 10.0 ** -len(value.text.partition(".")[2])
        wanted = value.number
        return (
            _has(known, np.array([wanted]), half if half < 0.5 else 0)
            or _has(known, np.concatenate([[wanted / 100, wanted * 100], wanted - known, wanted + known]))
            or _has(known, wanted / divisors)
            or _has(known, wanted * divisors, half * divisors)
            or _has(known, wanted / 100 * divisors, half / 100 * divisors)
            or _is_sum(numbers, wanted)
        )


def _has(known: Numbers, wanted: Numbers, within: Numbers | float = 0.0) -> bool:
    """Whether any of the wanted is among the known, which are sorted."""
    margin = within + _RELATIVE * np.abs(wanted)
    first = np.searchsorted(known, wanted - margin)
    return bool((first < np.searchsorted(known, wanted + margin, side="right")).any())


def _is_sum(numbers: Numbers, wanted: float) -> bool:
    """Whether it is the sum of three neighbours or more."""
    sums = np.concatenate([[0.0], numbers.cumsum()])
    each = (sums[length:] - sums[:-length] for length in range(3, _RUN_MAX + 1))
    return any(bool((np.abs(one - wanted) <= _RELATIVE * abs(wanted)).any()) for one in each)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace(",", "").split())
