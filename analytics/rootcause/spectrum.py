"""Spectrum: which marks of traces go with their failing, by how many show them. Pure.

Ochiai's coefficient (Abreu et al., 2007), Fisher's exact test of one side, and the false-discovery rate of
Benjamini and Hochberg (1995), as `reference/detectors.md` 3.15 has it. It says what goes together, not what
causes what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy.stats import false_discovery_control, hypergeom

from analytics.assembly.lineage import Flags
from analytics.rootcause.mark import Mark

# Of fewer traces nothing is said.
FAILING_MIN = 10
PASSING_MIN = 30
# A mark of fewer failing traces may be chance.
WITH_MIN = 3
DISCOVERY_RATE_MAX = 0.05
CHANCE_MAX = 0.05
# A mark is downstream of another that was over before it in more than this share of its failing traces.
DOWNSTREAM_MIN = 0.8
# Only what is as strong as the first so many is asked whether it comes before the rest.
UPSTREAM_MAX = 50
# The most specific stands for those of the same traces.
_SPECIFIC = (
    "failing call", "error", "contract break", "slow edge", "slow call", "missing call", "last call",
    "version", "calls", "tool", "model", "agent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """A mark that goes with failing, and how surely.

    Parameters
    ----------
    failing, passing
        Traces of each side that could show it.
    failing_with, passing_with
        Those that do.
    ochiai
        From 0 to 1: 1 where all failing traces have it and no passing one.
    discovery_rate
        The share of such marks that are expected to be chance.
    alike
        Marks of the same traces, which cannot be told apart from it.
    downstream_of
        What was over before it in nearly all failing traces that show it.
    """

    mark: Mark
    failing: int
    passing: int
    failing_with: int
    passing_with: int
    ochiai: float
    discovery_rate: float
    alike: Sequence[Mark] = ()
    downstream_of: Mark | None = None

    @property
    def excess(self) -> float:
        """By how much larger the share of failing traces is that show it."""
        return self.failing_with / self.failing - self.passing_with / max(1, self.passing)


def causes(marks: Iterable[Mark], failed: Flags, *, is_of_outcome: bool = True) -> list[Cause]:
    """Return the marks that go with failing, the strongest first, and what is downstream of others last.

    Parameters
    ----------
    failed : shape (traces,)
        Which traces failed.
    is_of_outcome
        Each failing trace wants an explanation. If not, a mark is judged among the traces that could show it:
        of a later period's traces most may be as they always were.
    """
    if failed.sum() < FAILING_MIN or (~failed).sum() < PASSING_MIN:
        return []
    every = np.ones_like(failed)
    counted = [_counted(mark, failed, every if is_of_outcome else mark.could) for mark in marks]
    tested = _collapsed([each for each in counted if _could_be_told(each)])
    if not tested:
        return []
    rates = false_discovery_control([_chance(each) for each in tested], method="bh")
    found = [
        replace(each, discovery_rate=float(rate))
        for each, rate in zip(tested, rates, strict=True)
        if rate <= DISCOVERY_RATE_MAX and each.failing_with >= WITH_MIN and not _is_of_others(each, failed)
    ]
    first = [cause.mark for cause in found if cause.mark.over_ns is not None][:UPSTREAM_MAX]
    placed = [replace(cause, downstream_of=_upstream(cause, first, failed)) for cause in found]
    return sorted(placed, key=lambda cause: cause.downstream_of is not None)


def _counted(mark: Mark, failed: Flags, could: Flags) -> Cause:
    failing, shown = int((could & failed).sum()), int((could & mark.shown).sum())
    with_it = int((could & mark.shown & failed).sum())
    ochiai = with_it / sqrt(failing * shown) if with_it else 0.0
    return Cause(mark, failing, int(could.sum()) - failing, with_it, shown - with_it, ochiai, 1.0)


def _collapsed(counted: Sequence[Cause]) -> list[Cause]:
    """Order by strength, and let one stand for all of the same traces: they are one hypothesis."""
    by_traces: dict[bytes, list[Cause]] = {}
    for cause in sorted(counted, key=_strength):
        by_traces.setdefault(cause.mark.shown.tobytes(), []).append(cause)
    return [replace(first, alike=[other.mark for other in others]) for first, *others in by_traces.values()]


def _strength(cause: Cause) -> tuple[float, int, str]:
    return -cause.ochiai, _SPECIFIC.index(cause.mark.sort), cause.mark.name


def _chance(each: Cause) -> float:
    """Return the probability that as many failing traces have it by chance."""
    having = each.failing_with + each.passing_with
    return float(hypergeom.sf(each.failing_with - 1, each.failing + each.passing, having, each.failing))


def _could_be_told(each: Cause) -> bool:
    """Whether it would be no chance if as many failing traces as possible had it (Tarone, 1990).

    Else it is no hypothesis: whether it is one may not depend on which traces failed.
    """
    having = each.failing_with + each.passing_with
    most = min(having, each.failing)
    return _chance(replace(each, failing_with=most, passing_with=having - most)) <= CHANCE_MAX


def _is_of_others(each: Cause, failed: Flags) -> bool:
    """Whether no more of all traces show it: then others came of those that could."""
    among_all = _counted(each.mark, failed, np.ones_like(failed))
    return _chance(among_all) > CHANCE_MAX


def _upstream(cause: Cause, first: Sequence[Mark], failed: Flags) -> Mark | None:
    """Return what is over before it in most failing traces that show it, beyond as many as always do."""
    mark, failing = cause.mark, cause.mark.shown & failed
    for other in first:
        if mark.over_ns is None or other.over_ns is None:
            continue
        before = failing & other.shown & (other.over_ns < mark.over_ns)
        if before.sum() > DOWNSTREAM_MIN * cause.excess * cause.failing:
            return other
    return None


def in_words(cause: Cause) -> str:
    """Return how many traces have it, as a person reads it.

    Examples
    --------
    >>> seen = Mark("tool", "pay", np.ones(1, np.bool_), np.ones(1, np.bool_))
    >>> in_words(Cause(seen, 100, 900, 90, 90, 0.67, 0.0))
    'in 90 of 100 failing, 90 of 900 passing'
    """
    lacking = "missing " if cause.mark.is_missing else ""
    return (
        f"{lacking}in {cause.failing_with:,} of {cause.failing:,} failing,"
        f" {cause.passing_with:,} of {cause.passing:,} passing"
    )
