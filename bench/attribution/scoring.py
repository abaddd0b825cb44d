"""Scores of answers against the labels, and whether one rule is above another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from analytics.detectors.wilson import wilson
from bench.attribution.conversation import Gold, Log
from bench.attribution.floor import Answer

_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Hits:
    """For each log, whether the answer was right: an agent's name and a step are compared exactly."""

    agent: Sequence[bool]
    step: Sequence[bool]
    top_3: Sequence[bool]
    top_3_agent: Sequence[bool]
    within_1: Sequence[bool]
    within_3: Sequence[bool]


def hits(logs: Sequence[Log], gold: Sequence[Gold], answers: Sequence[Answer]) -> Hits:
    """Judge the answer to each log."""
    each = list(zip(logs, gold, answers, strict=True))
    return Hits(
        agent=[log.turns[answer[0]].agent == label.agent for log, label, answer in each],
        step=[answer[0] == label.step for _, label, answer in each],
        top_3=[label.step in answer[:3] for _, label, answer in each],
        top_3_agent=[
            label.agent in {log.turns[one].agent for one in answer[:3]} for log, label, answer in each
        ],
        within_1=[abs(answer[0] - label.step) <= 1 for _, label, answer in each],
        within_3=[abs(answer[0] - label.step) <= 3 for _, label, answer in each],
    )


def share(right: Sequence[bool]) -> str:
    """Return the share in per cent with its interval."""
    found = wilson(sum(right), len(right))
    return f"{100 * found.share:.1f} [{100 * found.lower:.1f}-{100 * found.upper:.1f}]"


def mcnemar(ours: Sequence[bool], theirs: Sequence[bool]) -> float:
    """Return the two-sided exact p-value of McNemar's test on the same logs [1]_.

    References
    ----------
    .. [1] Q. McNemar. Note on the sampling error of the difference between correlated proportions or
       percentages. Psychometrika 12 (1947), 153-157.
    """
    only_ours = sum(a and not b for a, b in zip(ours, theirs, strict=True))
    only_theirs = sum(b and not a for a, b in zip(ours, theirs, strict=True))
    differing = only_ours + only_theirs
    return float(binomtest(only_ours, differing).pvalue) if differing else 1.0


def at_least_by_chance(right: int, chances: Sequence[float]) -> float:
    """Return how likely so many hits are, if each log is one with a chance of its own."""
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return float(distribution[right:].sum())


def beside(ours: Sequence[bool], theirs: Sequence[bool]) -> str:
    """Say whether we are above a floor that was recomputed on the same logs."""
    p = mcnemar(ours, theirs)
    return _verdict(p) if sum(ours) >= sum(theirs) else f"no, below (p = {p:.3f})"


def beside_chance(ours: Sequence[bool], chances: Sequence[float]) -> str:
    """Say whether we are above what is drawn at random; the p-value is doubled, to count both sides."""
    return _verdict(min(1.0, 2 * at_least_by_chance(sum(ours), chances)))


def beside_published(ours: Sequence[bool], percent: float) -> str:
    """Say whether the whole interval is above a published figure, whose own uncertainty is not known."""
    found = wilson(sum(ours), len(ours))
    if 100 * found.lower > percent:
        return "yes, by the interval"
    return "no, below" if 100 * found.upper < percent else "no, within the interval"


def _verdict(p: float) -> str:
    return f"{'yes' if p < _ALPHA else 'no'} ({f'p = {p:.3f}' if p >= 0.001 else 'p < .001'})"
