"""Variants of the order of evidence, declared before any was scored, and the choice among them.

The choice is made in five folds by question: a fold is answered by the variant that was best on the other
four. What ships, `analytics.suspects.ranking.weight`, is one of them.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, get_args

from analytics.suspects.evidence import Evidence, Kind
from analytics.suspects.ranking import evidence_in, ranked
from analytics.suspects.transcript import Transcript
from bench.attribution.conversation import Gold, Log
from bench.attribution.floor import Answer
from bench.attribution.scoring import hits

FOLDS = 5
_KINDS: Sequence[Kind] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Variant:
    """One order of the evidence.

    Parameters
    ----------
    handled_is_an_error
        An error that was handled weighs as one that was not.
    earliest_first
        All evidence above suspected counts alike, and the earliest goes first.
    prior_before_suspected
        Who was the first to work goes before weak evidence.
    """

    handled_is_an_error: bool = False
    earliest_first: bool = False
    prior_before_suspected: bool = False

    @property
    def name(self) -> str:
        return ", ".join(
            (
                "handled errors count" if self.handled_is_an_error else "handled errors last",
                "the earliest first" if self.earliest_first else "by kind",
                "prior before suspected" if self.prior_before_suspected else "prior last",
            )
        )

    def weight(self, evidence: Evidence) -> Any:
        """Return the key by which evidence is sorted."""
        is_handled = evidence.kind == "hard error" and evidence.grade == "suspected"
        is_weak = evidence.grade == "suspected" and not (is_handled and self.handled_is_an_error)
        behind_prior = self.prior_before_suspected and is_weak
        if self.earliest_first and evidence.kind != "first worker":
            return behind_prior, is_weak, 0, evidence.place
        kind = len(_KINDS) - 2 if is_handled and is_weak else _KINDS.index(evidence.kind)
        return behind_prior, evidence.kind == "first worker", kind, evidence.place


VARIANTS = tuple(Variant(*switches) for switches in product((False, True), repeat=3))


def answers(logs: Sequence[Log], key: Callable[[Evidence], Any]) -> list[Answer]:
    """Return the suspects of each log by one order."""
    found: list[Answer] = []
    for log in logs:
        transcript = Transcript(log.task, log.turns)
        found.append([one.place for one in ranked(transcript, evidence_in(transcript), key)])
    return found


def nested(logs: Sequence[Log], gold: Sequence[Gold]) -> tuple[list[Answer], list[Variant]]:
    """Return the answer to each log by the variant chosen without its fold, and what each fold chose."""
    by_variant = [answers(logs, variant.weight) for variant in VARIANTS]
    folds = [fold(log) for log in logs]
    chosen = [
        best(logs, gold, by_variant, [place for place, one in enumerate(folds) if one != number])
        for number in range(FOLDS)
    ]
    return [by_variant[chosen[one]][place] for place, one in enumerate(folds)], [
        VARIANTS[one] for one in chosen
    ]


def best(
    logs: Sequence[Log], gold: Sequence[Gold], by_variant: Sequence[Sequence[Answer]], of: Sequence[int]
) -> int:
    """Return the variant with most steps right among some logs; then most agents; then the first declared."""

    def right(number: int) -> tuple[int, int, int]:
        found = hits(
            [logs[one] for one in of], [gold[one] for one in of], [by_variant[number][one] for one in of]
        )
        return sum(found.step), sum(found.agent), -number

    return max(range(len(by_variant)), key=right)


def fold(log: Log) -> int:
    """Return the fold of a question."""
    return hashlib.sha256(log.name.encode()).digest()[0] % FOLDS
