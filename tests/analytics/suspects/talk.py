"""A small language for traces in which somebody speaks, and something is run."""

from typing import Any

from analytics.suspects.evidence import Evidence
from analytics.suspects.ranking import evidence_in
from analytics.suspects.transcript import Transcript
from analytics.suspects.turn import Turn


def says(agent: str, text: str, **known: Any) -> Turn:
    return Turn(span_id=known.pop("span_id", ""), agent=agent, output=text, **known)


def runs(tool: str, asked: str, gave: str, **known: Any) -> Turn:
    return Turn(
        span_id=known.pop("span_id", ""), agent="", kind="tool", tool=tool, input=asked, output=gave, **known
    )


def against(*turns: Turn, task: str = "Do it.") -> list[tuple[str, str, int]]:
    """Return kind, grade and place of all evidence but the prior."""
    return [(one.kind, one.grade, one.place) for one in evidence(*turns, task=task)]


def evidence(*turns: Turn, task: str = "Do it.") -> list[Evidence]:
    return [one for one in evidence_in(Transcript(task, turns)) if one.grade != "prior"]
