"""Chain: one error of a trace, from where it began to where it stopped. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from analytics.chains.work_span import WorkSpan
from analytics.fingerprint import fingerprint

# A shorter type or message of an error may stand in any text.
NAMED_CHARACTERS_MIN = 5

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
        Failed spans from the first origin upwards, each the parent of the one before.
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


def _says(above: WorkSpan, below: WorkSpan) -> bool:
    """Say whether an error is that of the call below, passed on: the same, or one that names it."""
    if above.error == below.error or below.error_type == above.error_type:
        return True
    said = f"{above.error_type} {above.message}"
    named = [name for name in (below.error_type, below.message) if len(name) >= NAMED_CHARACTERS_MIN]
    return not above.message or any(name in said for name in named)
