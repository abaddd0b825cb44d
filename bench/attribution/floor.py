"""Floors: what one scores without looking, or by looking for one word.

Written apart from the product's rules. Where `../shared/data/README.md` leaves open what is meant, what
scores most was taken.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from bench.attribution.conversation import Gold, Log

# The places that a rule suspects, the first one first.
Answer = Sequence[int]
Rule = Callable[[Log], Answer]
_HARD = re.compile(r"exitcode: [1-9]|Traceback \(most recent call last\)")
_WORD = re.compile(r"error|exception|fail|traceback", re.IGNORECASE)
_EXECUTED = re.compile(r"exitcode: ")


def first_speaker(log: Log) -> Answer:
    """Blame the first three turns, in their order."""
    return range(min(3, len(log.turns)))


def hard_error(otherwise: int) -> Rule:
    """Return the rule that blames who spoke before the first exit code or traceback, else one step."""
    return lambda log: _before_first(log, _HARD, otherwise)


def error_word(otherwise: int) -> Rule:
    """Return the rule that blames who spoke before the first word for errors in a run, else one step."""
    return lambda log: _before_first(log, _WORD, otherwise)


def _before_first(log: Log, pattern: re.Pattern[str], otherwise: int) -> Answer:
    found = (
        place
        for place, turn in enumerate(log.turns)
        if place and _EXECUTED.match(turn.output) and pattern.search(turn.output)
    )
    return [next(found, otherwise + 1) - 1]


def constant(step: int) -> Rule:
    """Return the rule that always blames one step, and then those beside it."""

    def rule(log: Log) -> Answer:
        last = len(log.turns) - 1
        return list(dict.fromkeys(min(max(0, one), last) for one in (step, step + 1, step - 1)))

    return rule


def best_constant(gold: Sequence[Gold]) -> int:
    """Return the step that is right most often, in these very logs."""
    return Counter(one.step for one in gold).most_common(1)[0][0]


def most_frequent_speaker(log: Log) -> str:
    """Return who has most turns besides what runs code; of several the one who was first."""
    return Counter(turn.agent for turn in log.turns if not turn.runs).most_common(1)[0][0]


def by_chance(log: Log, gold: Gold) -> tuple[float, float]:
    """Return how likely it is to draw the agent among those that speak, and the step among all."""
    speakers = {turn.agent for turn in log.turns}
    return (gold.agent in speakers) / len(speakers), 1 / len(log.turns)


def one_of_three_by_chance(log: Log) -> float:
    """Return how likely it is that the step is one of three drawn."""
    return min(1.0, 3 / len(log.turns))
