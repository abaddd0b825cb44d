"""Chance: durations, token counts and the ordinary mishaps of ordinary work, from a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from doldrums.demo.script import Fault, Move, Rest, Think, Use

_RATE_LIMIT = Fault("RateLimitError", "429: rate limit reached for requests per minute, try again in 400 ms")
_RATE_LIMIT_SHARE = 0.03

_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws from `random`: the same seed gives the same scripts."""

    random: Random

    def one_in(self, count: int) -> bool:
        return self.random.random() < 1 / count

    def pick(self, choices: Sequence[_Choice]) -> _Choice:
        return self.random.choice(choices)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def seconds(self, low_s: float, high_s: float) -> float:
        return round(self.random.uniform(low_s, high_s), 3)

    def think(self, ask: str, answer: str, low_s: float, high_s: float) -> tuple[Move, ...]:
        """Return a call of the model; now and then it is rate-limited first, and tried again."""
        tokens = self.number(300, 1_200) + len(ask) // 4
        call = Think(ask, answer, self.seconds(low_s, high_s), tokens, self.number(20, 60) + len(answer) // 4)
        if self.random.random() >= _RATE_LIMIT_SHARE:
            return (call,)
        refused = Think(ask, "", 0.05, 0, 0, _RATE_LIMIT)
        return (refused, Rest(self.seconds(0.3, 0.5)), call)

    def use(
        self, tool: str, arguments: Mapping[str, str | int], result: str, low_s: float, high_s: float
    ) -> Use:
        return Use(tool, arguments, result, self.seconds(low_s, high_s))
