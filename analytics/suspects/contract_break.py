"""Contract breaks: those of a schema, and without one an empty result and a refusal. Pure.

Definition: `reference/detectors.md` 3.14, what is said there of free text.
"""

import re
from collections.abc import Iterator

from analytics.suspects.evidence import Evidence, Grade
from analytics.suspects.transcript import Transcript, quoted

_EMPTY_CHARACTERS_MAX = 600
# What executors of code put before what was printed.
_HEAD = re.compile(r"\A\s*exit ?code: 0\b[^\n]{0,80}\n?\s*(?:(?:Code )?output:)?\s*", re.IGNORECASE)
_EMPTY = re.compile(
    r"\A\s*(?:|none|null|nan|\[\s*\]|\{\s*\}|\"\"|''|empty dataframe\b.*"
    r"|(?:there (?:is|are|was|were) no\b|no (?:results?|matches|match|code|data|output|records?|rows?)\b"
    r"|nothing (?:was )?found\b|not found\b).{0,400})\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_REFUSAL = re.compile(
    r"\bas an ai\b|\bI(?:'m| am) (?:unable|not able) to\b|\bI (?:cannot|can't|can not) "
    r"(?:access|browse|open|execute|run|view|watch|listen|retrieve|perform|directly)\b"
    r"|\bI (?:do not|don't) have (?:access|the ability|the capability)\b",
    re.IGNORECASE,
)


def is_empty(output: str) -> bool:
    r"""Whether what came out of a call is nothing, or says that there was nothing.

    Examples
    --------
    >>> [is_empty(said) for said in ("[]", "exitcode: 0 \\nCode output: ", "0", "7 rows")]
    [True, True, False, False]
    """
    return len(output) <= _EMPTY_CHARACTERS_MAX and bool(_EMPTY.match(_HEAD.sub("", output, count=1)))


def contract_breaks(transcript: Transcript) -> Iterator[Evidence]:
    """Yield who broke a contract, who asked for what gave nothing, and who refused."""
    for place, turn in enumerate(transcript.turns):
        yield from _of_schemas(transcript, place)
        # '' is what was not captured
        if turn.runs and not turn.failed and turn.output and is_empty(turn.output):
            said = f"what it asked {turn.name} for gave nothing: {quoted(turn.output)!r}"
            yield Evidence("contract break", "suspected", transcript.producer(place), place, said)
        elif not turn.runs and (match := _REFUSAL.search(transcript.prose[place])):
            around = transcript.prose[place][match.start() : match.end() + 80]
            yield Evidence("contract break", "suspected", place, place, f"it refuses: {quoted(around)!r}")


def _of_schemas(transcript: Transcript, place: int) -> Iterator[Evidence]:
    turn = transcript.turns[place]
    for source, side, how in turn.breaks:
        # wrong arguments are whose who wrote them
        blamed = transcript.producer(place) if side == "input" else place
        what = "was given" if side == "input" else "gave back"
        grade: Grade = "probable" if source == "learned" else "confirmed"
        said = f"what {turn.name} {what} breaks its contract: {quoted(how)!r}"
        yield Evidence("contract break", grade, blamed, place, said)
