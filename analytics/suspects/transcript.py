"""Transcript: the turns of one trace, bounded, and who asked for what was run. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from analytics.suspects.turn import Turn

# What is looked at of a trace: the first turns, and of a text how it begins and how it ends.
TURNS_MAX = 2_000
TEXT_CHARACTERS_MAX = 20_000
CHARACTERS_MAX = 4_000_000
_END_SHARE = 0.2

# How far back the author of what was run is looked for.
_BACK_MAX = 50
_QUOTED_CHARACTERS = 80
# A shorter task may stand in any text.
_TASK_CHARACTERS_MIN = 20
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)


class Transcript:
    """The turns of one trace in the order in which they ended: what a turn says stands when it has ended.

    Parameters
    ----------
    task
        What the trace was asked to do: the input of its root.
    """

    def __init__(self, task: str, turns: Sequence[Turn]) -> None:
        turns = turns[:TURNS_MAX]
        most = min(TEXT_CHARACTERS_MAX, CHARACTERS_MAX // (2 * max(1, len(turns))))
        self.task = clipped(task, TEXT_CHARACTERS_MAX)
        self.turns = [
            replace(turn, input=clipped(turn.input, most), output=clipped(turn.output, most))
            for turn in turns
        ]
        self.prose = [turn.output if turn.runs else without_code(turn.output) for turn in self.turns]

    def producer(self, place: int) -> int:
        """Return the place of the turn that wrote what was run at a place; itself, if nobody did.

        Of the turns before it, the nearest one that says what was run; else the nearest of the same agent;
        else the nearest that speaks.
        """
        turn = self.turns[place]
        if not turn.runs:
            return place
        speaking = [
            earlier
            for earlier in range(place - 1, max(-1, place - 1 - _BACK_MAX), -1)
            if not self.turns[earlier].runs
        ]
        asked = turn.input.strip()[:_QUOTED_CHARACTERS]
        authors = [one for one in speaking if asked and asked in self.turns[one].output]
        same = [one for one in speaking if turn.agent and self.turns[one].agent == turn.agent]
        return next(iter(authors or same or speaking), place)

    def first_worker(self) -> int | None:
        """Return the first turn of somebody who does more than to hand the task on."""
        speaking = [place for place, turn in enumerate(self.turns) if not turn.runs]
        task = " ".join(self.task.split())
        if len(task) < _TASK_CHARACTERS_MIN:
            return next(iter(speaking), None)
        own = (one for one in speaking if task not in " ".join(self.turns[one].output.split()))
        return next(own, next(iter(speaking), None))


def clipped(text: str, characters_max: int) -> str:
    """Return how a text begins and how it ends, in at most that many characters."""
    if len(text) <= characters_max:
        return text
    end = int(characters_max * _END_SHARE)
    return f"{text[: characters_max - end - 1]}\n{text[-end:]}"


def without_code(text: str) -> str:
    """Return a text without its fenced blocks."""
    return _CODE.sub("\n", text)


def quoted(text: str, characters_max: int = 160) -> str:
    """Return a text on one line, cut, as a person reads it in a sentence."""
    line = " ".join(text[: 4 * characters_max].encode("utf-8", "replace").decode().split())
    return line if len(line) <= characters_max else line[: characters_max - 1] + "…"
