"""Spectrum: which features of traces go with their failing, by how many have them. Pure.

Ochiai's coefficient (Abreu et al., 2007), Fisher's exact test of one side, and the false-discovery rate of
Benjamini and Hochberg (1995), as `reference/detectors.md` 3.15 has it. It says what goes together, not what
causes what.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from scipy.stats import false_discovery_control, hypergeom

# Of fewer traces nothing is said.
FAILING_MIN = 10
PASSING_MIN = 30
# A feature of fewer failing traces may be chance.
WITH_MIN = 3
DISCOVERY_RATE_MAX = 0.05
# What so large a share of passing traces has is expected, and may be missing.
EXPECTED_MIN = 0.95
CAUSES_MAX = 5
# The most specific stands for those of the same traces.
_SPECIFIC = ("failing call", "version", "calls", "tool", "model", "agent")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that traces have, or have not.

    Parameters
    ----------
    sort
        What it is: an agent, a tool, a model, a version, a call from agent to agent, a failing call.
    failing_with, passing_with
        Traces that have it.
    same
        Equal for features of the same traces.
    is_missing
        It is that they have it not.
    """

    sort: str
    name: str
    failing_with: int
    passing_with: int
    same: int
    failing_example: str
    passing_example: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """A feature that goes with failing, and how surely.

    Parameters
    ----------
    ochiai
        From 0 to 1: 1 where all failing traces have it and no passing one.
    discovery_rate
        The share of such features that are expected to be chance.
    alike
        Features of the same traces, which cannot be told apart from it.
    """

    feature: Feature
    ochiai: float
    discovery_rate: float
    alike: Sequence[Feature]


def causes(features: Sequence[Feature], failing: int, passing: int) -> list[Cause]:
    """Return the features that go with failing, the strongest first.

    Parameters
    ----------
    failing, passing
        Traces that were counted.

    Examples
    --------
    >>> def seen(name, failing, passing):
    ...     return Feature("tool", name, failing, passing, hash((failing, passing)), "f", "p")
    >>> found = causes([seen("pay", 90, 90), seen("look_up", 100, 900)], 100, 900)
    >>> [(cause.feature.name, round(cause.ochiai, 2)) for cause in found]
    [('pay', 0.67)]
    """
    if failing < FAILING_MIN or passing < PASSING_MIN:
        return []
    every = [*features, *_missing(features, failing, passing)]
    tested = [each for each in every if each.failing_with >= WITH_MIN]
    if not tested:
        return []
    rates = false_discovery_control([_chance(each, failing, passing) for each in tested], method="bh")
    found = [
        Cause(each, _ochiai(each, failing), float(rate), ())
        for each, rate in zip(tested, rates, strict=True)
        if rate <= DISCOVERY_RATE_MAX
    ]
    found.sort(key=lambda cause: (-cause.ochiai, _specific(cause.feature), cause.feature.name))
    return _collapsed(found)[:CAUSES_MAX]


def _missing(features: Sequence[Feature], failing: int, passing: int) -> Iterator[Feature]:
    """Yield that traces lack what nearly all passing ones have."""
    for each in features:
        if each.passing_with >= EXPECTED_MIN * passing and each.failing_with < failing:
            yield replace(
                each,
                failing_with=failing - each.failing_with,
                passing_with=passing - each.passing_with,
                same=~each.same,
                failing_example="",
                is_missing=True,
            )


def _chance(each: Feature, failing: int, passing: int) -> float:
    """Return the probability that as many failing traces have it by chance."""
    having = each.failing_with + each.passing_with
    return float(hypergeom.sf(each.failing_with - 1, failing + passing, having, failing))


def _ochiai(each: Feature, failing: int) -> float:
    return each.failing_with / sqrt(failing * (each.failing_with + each.passing_with))


def _specific(feature: Feature) -> int:
    return _SPECIFIC.index(feature.sort) if feature.sort in _SPECIFIC else len(_SPECIFIC)


def _collapsed(found: Sequence[Cause]) -> list[Cause]:
    """Let one stand for all of the same traces; the order is kept."""
    by_traces: dict[tuple[int, bool], list[Cause]] = {}
    for cause in found:
        by_traces.setdefault((cause.feature.same, cause.feature.is_missing), []).append(cause)
    return [replace(first, alike=[one.feature for one in others]) for first, *others in by_traces.values()]


def in_words(cause: Cause, failing: int, passing: int) -> str:
    """Return how many traces have it, as a person reads it.

    Examples
    --------
    >>> seen = Feature("tool", "pay", 90, 90, 1, "f", "p")
    >>> in_words(Cause(seen, 0.67, 0.0, ()), 100, 900)
    'in 90 of 100 failing, 90 of 900 passing'
    """
    feature = cause.feature
    lacking = "missing " if feature.is_missing else ""
    return (
        f"{lacking}in {feature.failing_with:,} of {failing:,} failing,"
        f" {feature.passing_with:,} of {passing:,} passing"
    )
