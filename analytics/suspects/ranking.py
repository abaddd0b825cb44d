"""The suspects of one failed trace, in order. Pure; the cost is bounded by that of `Transcript`.

Order: `reference/detectors.md` 3.15, by what kind of evidence there is, and the earliest first. Where it
was left open it was chosen among eight orders, in folds: docs/attribution.md.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

from analytics.suspects.assumption import assumptions
from analytics.suspects.contract_break import contract_breaks
from analytics.suspects.contradiction import contradictions
from analytics.suspects.evidence import Evidence, Kind, Suspect
from analytics.suspects.hard_error import hard_errors
from analytics.suspects.loop_start import loop_starts
from analytics.suspects.transcript import Transcript
from analytics.suspects.turn import Turn
from analytics.suspects.ungrounded import ungrounded

SUSPECTS_MAX = 3
_RULES = (hard_errors, ungrounded, assumptions, contradictions, contract_breaks, loop_starts)
_KINDS: Sequence[Kind] = get_args(Kind)


def suspects_in(task: str, turns: Sequence[Turn]) -> list[Suspect]:
    """Return whom to look at, at most three turns, each with the evidence against it.

    Parameters
    ----------
    task
        What the trace was asked to do.
    turns
        In the order in which they ended.

    Examples
    --------
    >>> coder = Turn(span_id="1", agent="coder", output="print(1 / 0)")
    >>> run = Turn(span_id="2", agent="shell", kind="tool", input="print(1 / 0)", output="exit code: 1")
    >>> [(one.turn.agent, one.evidence[0].text) for one in suspects_in("divide", [coder, run])]
    [('coder', 'what it wrote failed when shell ran it: exit code: 1')]
    """
    transcript = Transcript(task, turns)
    return ranked(transcript, evidence_in(transcript))


def evidence_in(transcript: Transcript) -> list[Evidence]:
    """Return all that speaks against a turn; and, as a prior, that somebody was the first to work."""
    found = [evidence for rule in _RULES for evidence in rule(transcript)]
    first = transcript.first_worker()
    if first is not None:
        text = "it is the first to work on the task: a prior, no evidence"
        found.append(Evidence("first worker", "prior", first, first, text))
    return found


def weight(evidence: Evidence) -> Any:
    """Return the key by which evidence is sorted, the heaviest first.

    An error weighs the same whether it was handled or not: handling it may be where it went wrong. Other
    evidence that is no more than suspected says less than being the first to work does.
    """
    is_weak = evidence.grade == "suspected" and evidence.kind != "hard error"
    return is_weak, evidence.kind == "first worker", _KINDS.index(evidence.kind), evidence.place


def ranked(
    transcript: Transcript, found: Iterable[Evidence], key: Callable[[Evidence], Any] = weight
) -> list[Suspect]:
    """Return the turns with the heaviest evidence, each once; a prior stands behind what is evidence."""
    by_place: defaultdict[int, list[Evidence]] = defaultdict(list)
    for evidence in sorted(found, key=key):
        by_place[evidence.place].append(evidence)
    return [
        Suspect(place, transcript.turns[place], sorted(evidence, key=lambda one: one.grade == "prior"))
        for place, evidence in list(by_place.items())[:SUSPECTS_MAX]
    ]
