"""Ungrounded values: what a turn says, and no earlier message contains. Pure.

Definition: `reference/detectors.md` 3.13. What tools give back is a source. A number that follows from
earlier ones, or that the turn itself computes, has grounds. What stands in the task has grounds.
"""

import re
from collections.abc import Iterator, Sequence

from analytics.suspects.evidence import Evidence, Grade
from analytics.suspects.grounds import Grounds
from analytics.suspects.transcript import Transcript, quoted
from analytics.suspects.value import Value, files_read, numbers_in, rare_values

_NAMED_MAX = 3
# "3 * 80 = 240", "7! = 5040": the left side is asked about, and the right side follows.
_COMPUTED = re.compile(r"[-+*/^!%\u00d7\u00f7\u221a]|\\(?:times|frac|div|cdot|sqrt|binom)")
_LEFT_CHARACTERS = 80
# What may stand between the equals sign and the number: a currency, emphasis, brackets of LaTeX.
_OPENING = re.compile(r"(?:[\s$€£*({\[]|\\text|\\boxed|\\mathbf|\\\(|\\\[|\\\$){0,20}\Z")


def ungrounded(transcript: Transcript) -> Iterator[Evidence]:
    """Yield each turn with values of its own making; probable where a later turn goes on with one."""
    grounds = Grounds()
    grounds.add(transcript.task)
    for place, turn in enumerate(transcript.turns):
        if turn.runs:
            asked = [value for value in rare_values(turn.input) if not grounds.contain(value)]
            yield from _evidence(transcript, transcript.producer(place), place, asked)
            grounds.add(turn.input)
        else:
            yield from _evidence(transcript, place, place, list(_made_up(transcript, place, grounds)))
        grounds.add(turn.output)


def _made_up(transcript: Transcript, place: int, grounds: Grounds) -> Iterator[Value]:
    prose = transcript.prose[place]
    grounds.add_numbers([number for number in numbers_in(prose, 100) if number < 100])
    values = [*files_read(transcript.turns[place].output), *rare_values(prose)]
    for value in values:
        if not grounds.contain(value) and not _is_computed(value, prose):
            yield value
        if value.kind == "number":
            grounds.add_numbers([value.number])


def _is_computed(value: Value, prose: str) -> bool:
    """Whether the turn says how it comes to a number."""
    if value.kind != "number":
        return False
    at = prose.find(value.text)
    left = _OPENING.sub("", prose[max(0, at - _LEFT_CHARACTERS) : at])
    return left.endswith(("=", "\u2248", "equals", "\\approx")) and bool(_COMPUTED.search(left))


def _evidence(transcript: Transcript, at: int, seen_at: int, values: Sequence[Value]) -> Iterator[Evidence]:
    if not values:
        return
    later = [value for value in values if _goes_on(transcript, seen_at, value)]
    grade: Grade = "probable" if later else "suspected"
    named = ", ".join(f"{value.kind} {quoted(value.text, 60)}" for value in (later or values)[:_NAMED_MAX])
    more = f" and {len(values) - _NAMED_MAX} more" if len(values) > _NAMED_MAX else ""
    text = f"no earlier message contains {named}{more}" + (", and later turns go on with it" if later else "")
    yield Evidence("ungrounded value", grade, at, seen_at, text)


def _goes_on(transcript: Transcript, place: int, value: Value) -> bool:
    """Whether another agent's later turn has the value, or a tool is asked with it."""
    agent = transcript.turns[place].agent
    for later in transcript.turns[place + 1 :]:
        if value.text in later.input and later.runs and later.agent == agent:
            return True
        if not later.runs and later.agent != agent and value.text in later.output:
            return True
    return False
