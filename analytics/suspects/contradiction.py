"""Contradictions: the same thing was said to be one number, and later another. Pure.

Definition: `reference/detectors.md` 3.13. Things are what stands before a colon or an equals sign at the
beginning of a line, or in JSON; code assigns as it pleases, and is left out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from analytics.suspects.evidence import Evidence, Grade
from analytics.suspects.transcript import Transcript, quoted

_STATED = re.compile(
    r"^[ \t>*#+\-\"'{,]{0,12}(?:\d{1,2}[.)] {1,3})?\**(?P<key>[A-Za-z][A-Za-z _'()/-]{3,60}?)[*\"']{0,3}"
    r"[ \t]{0,3}[:=][* \t]{0,5}[$€£]?(?P<number>-?\d[\d,]{0,18}(?:\.\d{1,10})?)\**"
    r"(?=[ \t]{0,3}(?:[.,;]?$|[A-Za-z%.,;(}]))",
    re.MULTILINE,
)
_THINGS_MAX = 2_000
# They number what follows.
_COUNTING = re.compile(
    r"^(?:step|part|phase|section|question|option|case|turn|line|page|task|exit ?code|code output|output)\b",
    re.IGNORECASE,
)


class _Said(NamedTuple):
    number: float
    text: str
    place: int


def contradictions(transcript: Transcript) -> Iterator[Evidence]:
    """Yield who says another number than was said before, or was contradicted by what a tool gave back."""
    said: dict[str, _Said] = {}
    for place, prose in enumerate(transcript.prose):
        here: set[str] = set()
        for match in _STATED.finditer(prose):
            key = " ".join(match["key"].lower().split())
            if key in here or _COUNTING.match(key):
                continue
            here.add(key)
            now = _Said(float(match["number"].replace(",", "")), match["number"], place)
            before = said.get(key)
            if before and not _agree(before, now):
                yield _evidence(transcript, match["key"], before, now)
            if before or len(said) < _THINGS_MAX:
                said[key] = now


def _agree(one: _Said, other: _Said) -> bool:
    """Equal, or rounded."""
    decimals = min(len(each.text.partition(".")[2]) for each in (one, other))
    return round(one.number, decimals) == round(other.number, decimals)


def _evidence(transcript: Transcript, key: str, before: _Said, now: _Said) -> Evidence:
    then, later = transcript.turns[before.place], transcript.turns[now.place]
    if later.runs and not then.runs:
        text = f"it says {quoted(key, 60)} is {before.text}; {later.name} then gave {now.text}"
        return Evidence("contradiction", "probable", before.place, now.place, text)
    text = (
        f"it says {quoted(key, 60)} is {now.text}; {then.name} had said {before.text} (turn {before.place})"
    )
    grade: Grade = "probable" if then.runs and not later.runs else "suspected"
    return Evidence("contradiction", grade, transcript.producer(now.place), now.place, text)
