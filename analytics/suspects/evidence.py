"""Evidence against a turn, and a suspect: the turn with all of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.suspects.turn import Turn

# In the order of `reference/detectors.md` 3.15.
Kind = Literal[
    "hard error",
    "ungrounded value",
    "contradiction",
    "contract break",
    "loop start",
    "first worker",
]
# A prior is where mistakes tend to be, and says nothing about this trace.
Grade = Literal["confirmed", "probable", "suspected", "prior"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a turn is suspected.

    Parameters
    ----------
    place
        Of the turn that it is about.
    seen_at
        Of the turn at which it shows: where the error came out, who contradicted.
    text
        In plain words, with what is quoted.
    """

    kind: Kind
    grade: Grade
    place: int
    seen_at: int
    text: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A turn that may be where it went wrong.

    Parameters
    ----------
    evidence
        At least one, the heaviest first, a prior last.
    """

    place: int
    turn: Turn
    evidence: Sequence[Evidence]

    @property
    def grade(self) -> Grade:
        """That of its heaviest evidence."""
        return self.evidence[0].grade
