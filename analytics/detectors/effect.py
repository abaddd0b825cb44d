"""Effect: calls that may have changed the same thing outside twice. Pure.

Definition: `reference/detectors.md` 3.10.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from analytics.flow.values import Values

Verdict = Literal["confirmed", "ambiguous"]

# Verbs of tools whose second call does something a second time; to write, set or delete the same once more
# changes nothing. Where a word of reading stands beside them (`get_order`), they are nouns. Words are parts
# of snake_case, kebab-case or camelCase; RE2 reads these, too.
_VERBS = (
    "add append book buy charge create deposit dispatch email grant insert invite invoice issue message"
    " notify order pay place post publish purchase refund register reply reserve schedule sell send ship sign"
    " submit text ticket transfer trigger tweet upload withdraw"
)
_READING = (
    "check count describe details fetch find get history info is list load lookup poll preview query read"
    " search show status validate verify view wait"
)


def _word_of(words: str) -> str:
    any_ = "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in words.split())
    return rf"(?:^|[^A-Za-z]|[a-z])(?:{any_})(?:$|[^a-z])"


MUTATING, READING = _word_of(_VERBS), _word_of(_READING)
# What moves money, or reaches people: it cannot be taken back.
_IRREVERSIBLE = re.compile(
    r"(?i)(?:^|[^a-z])(?:book|buy|charge|deposit|email|message|order|pay|post|publish|purchase|refund|reply|sell"
    r"|send|ship|text|transfer|tweet|withdraw)"
)
# Errors after which nobody knows whether it was done.
UNSURE = (
    r"(?i)(time[ds]?[ _-]?out|deadline|cancel|abort|reset|broken ?pipe|disconnect|connection (closed|lost)"
    r"|eof|\b50[0234]\b|bad gateway|unavailable|internal server)"
)
_KEYED = re.compile(r"(?i)idempot|dedup|request[_-]?id|client[_-]?token|nonce")


@dataclass(frozen=True, slots=True)
class EffectCall:
    """One row of `duplicate_effect.sql`. Times are Unix nanoseconds, `end_ns` is 0 while open.

    Parameters
    ----------
    unsure
        It failed in a way that leaves open whether it was done.
    """

    project: str
    scope: str
    tool: str
    input_hash: int
    trace_id: str
    span_id: str
    parent_span_id: str
    agent: str
    output_hash: int
    arguments: str
    answer: str
    failed: bool
    unsure: bool
    error_type: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two calls of the same, of which the second did it again, or may have."""

    verdict: Verdict
    first: EffectCall
    second: EffectCall

    @property
    def is_irreversible(self) -> bool:
        return _IRREVERSIBLE.search(_snake(self.first.tool)) is not None


def duplicate_of(calls: Sequence[EffectCall]) -> Duplicate | None:
    """Return what was done twice among calls of the same with the same arguments, in order of their start.

    A key in the arguments by which the other side tells them apart makes all of them one. So does the same
    result, if that names something. Calls right after each other by the same caller, with nothing wrong
    between them, are meant: two tickets were wanted.
    """
    if any(_KEYED.search(call.arguments) for call in calls):
        return None
    found = [one for earlier, later in pairwise(calls) if (one := _duplicate(earlier, later))]
    return min(found, key=lambda one: one.verdict != "confirmed", default=None)


def _duplicate(earlier: EffectCall, later: EffectCall) -> Duplicate | None:
    if later.failed or not later.end_ns or not earlier.end_ns or later.start_ns < earlier.end_ns:
        return None
    if earlier.unsure:
        return Duplicate("ambiguous", earlier, later)
    if earlier.failed or earlier.trace_id != later.trace_id:
        return None  # it was not done, or somebody asked for it once more
    if earlier.parent_span_id == later.parent_span_id and earlier.agent == later.agent:
        return None
    values = Values()
    before, after = values.of([earlier.answer]), values.of([later.answer])
    return Duplicate("confirmed", earlier, later) if before and after and before != after else None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
