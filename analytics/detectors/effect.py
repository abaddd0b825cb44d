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

# Between the two: a retry comes within minutes, tomorrow's order is another one.
WITHIN_S = 3_600.0
# How much of arguments and answers is read; what is longer may have a key behind that.
PREVIEW_CHARACTERS = 200
_DATE = re.compile(r"\d{4}-\d\d-\d\d")

# Verbs of tools whose second call does something a second time; to write, set or delete the same once more
# changes nothing. What a tool does is the first word of its name, or the first behind its place
# (`payments.create`); where a word of reading stands anywhere (`order_history`), it is a noun. Words are
# parts of snake_case, kebab-case or camelCase; RE2 reads these, too.
_VERBS = (
    "add append book buy charge create deposit dispatch email grant insert invite invoice issue message"
    " notify order pay place post publish purchase refund register reply reserve schedule sell send ship sign"
    " submit text ticket transfer trigger tweet upload withdraw"
)
_READING = (
    "analysis analyze check classify count describe details draft estimate extract fetch find format"
    " generate get history info is list load lookup parse poll preview query rank read render search show"
    " simulate status summarize summary template translate validate validator verify view wait"
)
_END = r"(?:$|[^a-z])"


def _any_of(words: str, form: str = "[{0}{1}]{2}") -> str:
    return "|".join(form.format(word[0].upper(), word[0], word[1:]) for word in words.split())


# A hand-off to another agent, as frameworks name the tool.
_HANDING = r"^[Tt]ransfer[_ -]?[Tt]o(?:$|[^a-z])"
MUTATING = rf"^(?:[A-Za-z0-9_-]+[./:])*(?:{_any_of(_VERBS)}){_END}"
READING = (
    rf"(?:^|[^A-Za-z])(?:{_any_of(_READING)}){_END}|[a-z](?:{_any_of(_READING, '{0}{2}')}){_END}|{_HANDING}"
)
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
    def is_sure(self) -> bool:
        """Whether all of the arguments were read: a key of idempotency may stand at their end."""
        return len(self.first.arguments) < PREVIEW_CHARACTERS

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
    if later.failed or not later.end_ns or not earlier.end_ns:
        return None
    if not 0 <= later.start_ns - earlier.end_ns <= WITHIN_S * 1e9:
        return None
    if earlier.unsure:
        return Duplicate("ambiguous", earlier, later)
    if earlier.failed or earlier.trace_id != later.trace_id:
        return None  # it was not done, or somebody asked for it once more
    if earlier.parent_span_id == later.parent_span_id and earlier.agent == later.agent:
        return None
    before, after = _named(earlier.answer), _named(later.answer)
    return Duplicate("confirmed", earlier, later) if before and after and not before & after else None


def _named(answer: str) -> set[str]:
    """Return what an answer names; a time names nothing that was made."""
    return {value for value in Values().of([answer]) if not _DATE.match(value)}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
