"""Philosophers at a table: who holds which fork after each step, recorded or played."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

NOBODY = -1
# Who holds each fork; fork i lies left of philosopher i and right of the one before.
Holders = tuple[int, ...]


@dataclass(frozen=True)
class Episode:
    """What happened at one table.

    Parameters
    ----------
    ends_s
        When each step ended.
    deadlock
        Whether the last step left the table in a ring that nobody will leave.
    """

    name: str
    states: Sequence[Holders]
    ends_s: Sequence[float]
    deadlock: bool


def lacking(holders: Holders, philosopher: int) -> int | None:
    """Return the fork that a philosopher with one fork waits for, if somebody else has it."""
    left, right = philosopher, (philosopher + 1) % len(holders)
    for held, wanted in ((left, right), (right, left)):
        if holders[held] == philosopher and holders[wanted] not in {NOBODY, philosopher}:
            return wanted
    return None


def is_ring(holders: Holders) -> bool:
    """Say whether every philosopher of some circle waits for the next: what their forks say alone."""
    for first in range(len(holders)):
        seen: list[int] = []
        one = first
        while one not in seen:
            seen.append(one)
            fork = lacking(holders, one)
            if fork is None:
                break
            one = holders[fork]
        else:
            return True
    return False


@dataclass(frozen=True)
class Play:
    """How a table is played.

    Parameters
    ----------
    sequential
        One philosopher acts in each step, in turn; else all at once.
    patience
        Steps of its own for which a polite philosopher holds on to a fork before it gives it back.
    stubborn
        Share of tables at which nobody ever gives a fork back.
    step_s
        Seconds of a step, at the median; they are lognormal, as an LLM's answers are.
    """

    size: int
    sequential: bool
    patience: int = 1
    stubborn: float = 0.5
    steps: int = 60
    step_s: float = 2.0


def play(rules: Play, seed: int) -> Episode:
    """Play one episode. Its label comes from what the philosophers are, never from what is seen of them."""
    chance = random.Random(seed)
    table = _Table(rules, chance)
    states: list[Holders] = []
    ends_s: list[float] = []
    now_s = 0.0
    for step in range(rules.steps):
        actors = [step % rules.size] if rules.sequential else list(range(rules.size))
        chance.shuffle(actors)
        for one in actors:
            table.act(one)
        now_s += rules.step_s * chance.lognormvariate(0, 0.4)
        states.append(tuple(table.holders))
        ends_s.append(now_s)
        if table.is_stubborn and is_ring(states[-1]):
            return Episode(f"played {seed}", states, ends_s, deadlock=True)
    return Episode(f"played {seed}", states, ends_s, deadlock=False)


class _Table:
    """The state of a table, and what a philosopher does next."""

    def __init__(self, rules: Play, chance: random.Random) -> None:
        self.holders = [NOBODY] * rules.size
        self.is_stubborn = chance.random() < rules.stubborn
        self._rules = rules
        self._chance = chance
        self._waited = [0] * rules.size
        self._eats = [0] * rules.size

    def act(self, one: int) -> None:
        forks = (one, (one + 1) % len(self.holders))
        held = [fork for fork in forks if self.holders[fork] == one]
        free = [fork for fork in forks if self.holders[fork] == NOBODY]
        if len(held) == 2:
            self._eats[one] += 1
            if self._chance.random() < 0.5:
                self._release(one)
        elif held and not free:
            self._waited[one] += 1
            if not self.is_stubborn and self._waited[one] >= self._rules.patience:
                self._release(one)
        elif free and self._chance.random() < 0.7:
            self.holders[self._chance.choice(free) if self._chance.random() < 0.3 else free[0]] = one
            self._waited[one] = 0

    def _release(self, one: int) -> None:
        self.holders = [NOBODY if holder == one else holder for holder in self.holders]
        self._waited[one] = 0


Judge = Callable[[Episode], float | None]
