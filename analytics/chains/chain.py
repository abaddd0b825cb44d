"""Chain: one error of a trace, from where it began to where it stopped. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from analytics.chains.work_span import WorkSpan
from analytics.fingerprint import fingerprint

# A shorter type or message of an error may stand in any text.
NAMED_CHARACTERS_MIN = 5

# A shorter run of words stands in many errors.
RUN_WORDS = 5
_COMPARED_MAX = 400
# What instrumentations say that do not know the type.
_NO_TYPES = ("", "_OTHER")

# Of the traces in which it occurs: an error that most of them outlive is expected, such as a probe's 404
# (`reference/detectors.md` 3.11).
FAILED_SHARE_MIN = 0.5

Outcome = Literal["root failed", "contained", "retried", "unknown"]


@dataclass(frozen=True, slots=True)
class Chain:
    """An error on its way up.

    Parameters
    ----------
    origins
        Where it began: failed spans with nothing failed below them that caused it, the earliest first.
        Several of one chain failed with the same error below the same span.
    hops
        Failed spans from the first origin upwards, each the nearest above the one before; between them may
        stand what let the error through and did not say so.
    outcome
        ``root failed``: it reached the root. ``contained``: `stopped_at` did not fail. ``retried``: nor did
        it, and a later attempt of the last hop went well. ``unknown``: what is above has not arrived.
    stopped_at
        The span above the last hop; None where there is none, or where it is not known.
    collateral
        Ids of spans that were cancelled because of it: they are consequences, not causes.
    """

    origins: Sequence[WorkSpan]
    hops: Sequence[WorkSpan]
    outcome: Outcome
    stopped_at: WorkSpan | None
    collateral: Sequence[str]

    @property
    def origin(self) -> WorkSpan:
        """Where it began first."""
        return self.origins[0]

    @property
    def transformed(self) -> bool:
        """Whether it became another error on its way: what failed above does not say what failed below."""
        return any(not _says(above, below) for below, above in pairwise(self.hops))

    @property
    def agents(self) -> tuple[str, ...]:
        """Agents that it went through, from the origin upwards, and who stopped it; each once in a row."""
        spans = [*self.hops, *([self.stopped_at] if self.stopped_at else [])]
        named = [span.agent or span.label for span in spans]
        return tuple(name for place, name in enumerate(named) if place == 0 or name != named[place - 1])

    @property
    def error(self) -> str:
        """Equal for the same error in any trace: what failed with which error, whatever way it took."""
        first = self.origin
        return fingerprint(first.agent, first.kind, first.label, *first.error)

    @property
    def fingerprint(self) -> str:
        """Equal for the same chain in any trace: the same error, and whom it went through."""
        return fingerprint(self.error, *self.agents)


def repeats(above: WorkSpan, below: WorkSpan) -> bool:
    """Say whether an error has words of the one below: all of them, or a run of them in the same order."""
    words, known = _words(above.message), _words(below.message)
    size = min(RUN_WORDS, len(words), len(known))
    shared = _runs(words, size) & _runs(known, size)
    return any(len(" ".join(run)) >= NAMED_CHARACTERS_MIN for run in shared)


def _words(message: str) -> Sequence[str]:
    return re.findall(r"\w+", message[:_COMPARED_MAX].casefold())


def _runs(words: Sequence[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}


def _says(above: WorkSpan, below: WorkSpan) -> bool:
    """Say whether an error is that of the call below: the same, or one that names or repeats it."""
    if above.error == below.error or repeats(above, below):
        return True
    if below.error_type == above.error_type not in _NO_TYPES:
        return True
    said = f"{above.error_type} {above.message}"
    names = (below.error_type, below.message)
    named = [name for name in names if len(name) >= NAMED_CHARACTERS_MIN and name not in _NO_TYPES]
    return not above.message or any(name in said for name in named)
