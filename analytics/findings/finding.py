"""Finding: what a detector says at one look. Pure; no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Severity = Literal["S1", "S2", "S3", "S4"]
Grade = Literal["confirmed", "probable", "suspected"]
ResolutionWord = Literal["ended", "progressed", "waiting", "delegated", "limit", "lost", "expired", "unseen"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Why what was found is no longer.

    Parameters
    ----------
    word
        ``ended``: what it is about is over, so it is resolved at once; ``unseen``: the detector
        does not say. The others are those of its section in `docs/detectors.md`.
    sentence
        The same in plain words, plain text, no markup.
    """

    word: ResolutionWord
    sentence: str


UNSEEN = Resolution("unseen", "It was not found any more.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, seen now.

    Texts of telemetry may stand in it as they came: the ledger makes them fit to be stored.

    Parameters
    ----------
    fingerprint
        The same at every look that sees the same thing: within a project and a detector it
        names the finding for as long as that stays open. A hash, or ids; at most 1,000 characters.
    severity
        S1 blocking or irreversible, S2 serious, S3 suspected or limited, S4 design smell.
    title
        One sentence in plain words, plain text, no markup.
    advice
        What to do next, in one or two sentences.
    since
        When the trouble began by the evidence, aware UTC; not when it was noticed.
    evidence
        JSON values a person can check: numbers with their n, baselines, times, rules. Never
        what a prompt, a tool or a model said: webhooks are sent it.
    certain
        One look proves it: it opens without a second one that sees it, too.
    """

    project: str
    detector: str
    fingerprint: str
    severity: Severity
    grade: Grade
    title: str
    advice: str
    since: datetime
    agents: Sequence[str]
    trace_ids: Sequence[str]
    span_ids: Sequence[str]
    evidence: Mapping[str, Any]
    certain: bool = False
