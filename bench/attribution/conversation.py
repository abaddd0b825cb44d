"""Recorded conversations as the turns of a trace; labels are read apart from them.

Of `../shared/data` (never committed): who-and-when, whose failed logs people labelled, and ag2-math, whose
runs have an answer that was checked.
"""

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.suspects.turn import Turn

DATA = Path(__file__).parents[3] / "shared" / "data"
WHO_AND_WHEN = DATA / "who-and-when" / "algorithm-generated"
AG2_MATH = DATA / "ag2-math" / "gpt-4.jsonl.gz"
# AutoGen's executor of code: what it says, whoever it says it as.
_EXECUTED = re.compile(r"exitcode: -?\d+|There is no code from the last \d+ message")
_CODE = re.compile(r"exitcode: (?!0\b)")
# Its executor of mathematical code says what was printed and nothing else; its first message is the task.
_PROXY = "mathproxyagent"


@dataclass(frozen=True, slots=True)
class Log:
    """A conversation, and the question that it should answer. No label is in it."""

    name: str
    task: str
    turns: Sequence[Turn]


@dataclass(frozen=True, slots=True)
class Gold:
    """Whom people blamed, and for which turn, counted from 0."""

    agent: str
    step: int


def who_and_when(folder: Path) -> tuple[list[Log], list[Gold]]:
    """Read the failed logs; the order of both lists is the same."""
    paths = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    documents = [json.loads(path.read_text()) for path in paths]
    logs = [Log(one["question_ID"], one["question"], turns(one["history"])) for one in documents]
    return logs, [Gold(one["mistake_agent"], int(one["mistake_step"])) for one in documents]


def ag2_math(path: Path, *, correct: bool) -> list[Log]:
    """Read the runs whose answer was right, or wrong; the first message is the task."""
    with gzip.open(path, "rt") as lines:
        runs = [json.loads(line) for line in lines]
    return [
        Log(run["task"], run["messages"][0]["content"] or "", turns(run["messages"]))
        for run in runs
        if run["correct"] is correct
    ]


def turns(messages: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """Return a turn for each message, what was before it as its input."""
    found: list[Turn] = []
    before = ""
    for number, message in enumerate(messages):
        said = message["content"] or ""
        agent = message.get("name") or message["role"]
        runs = bool(_EXECUTED.match(said)) or (agent == _PROXY and number > 0)
        found.append(
            Turn(
                span_id=f"{number + 1:016x}",
                agent=agent,
                kind="tool" if runs else "agent",
                failed=runs and bool(_CODE.match(said)),
                error=said if runs and _CODE.match(said) else "",
                input=before,
                output=said,
            )
        )
        before = said
    return found
