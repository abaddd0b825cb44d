"""Verdict: whether a difference of means is another mix of the traffic, or what each part of it does. Pure.

A mix that shifts along one key looks like behaviour by every other: an agent that takes its slow model more
often is slower for each user. So where the mix moved along some keys, beyond its error and by enough to
matter, those alone are asked what their strata do, each key by itself and all at once: all must say that it
moved. Where none did, it is behaviour if one key is sure of it and no key's mix may be as much. Errors are of
drawing traces.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from analytics.drift.mix import kitagawa
from analytics.drift.mix_strata import CALLS_MIN, Both, Calls, Strata, drawn, shares_and_means, strata

Floats = NDArray[np.float64]
Said = Literal["mix", "behaviour", "both", "unknown", "not asked"]

# Of fewer traces in either time nothing is told.
TRACES_MIN = 5
# Of the calls since, this share at least is in strata that had calls before, or the key tells no parts.
OVERLAP_MIN = 0.2
# A part that is less than this of both is not named, nor is a mix that is less than this of another.
NAMED_MIN = 0.25
# A stratum that is new is named if it has this share of the calls since.
NEW_MIN = 0.1
_CONFIDENCE = 0.99
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """The parts of a difference of means by one key, and half of the 99 % interval of each."""

    by: str
    mix: float
    behaviour: float
    mix_error: float
    behaviour_error: float

    @property
    def is_mix(self) -> bool:
        """Whether the mix moved beyond its error, by enough to matter."""
        matters = abs(self.mix) >= NAMED_MIN * (abs(self.mix) + abs(self.behaviour))
        return matters and abs(self.mix) > self.mix_error + _EXACT

    @property
    def is_behaviour(self) -> bool:
        """Whether what strata do moved beyond its error."""
        return abs(self.behaviour) > self.behaviour_error + _EXACT

    @property
    def may_be_mix(self) -> bool:
        """Whether the mix may be as much as what strata do, and the same way."""
        along = self.mix if self.behaviour > 0 else -self.mix
        return along + self.mix_error >= abs(self.behaviour)


@dataclass(frozen=True, slots=True)
class New:
    """A stratum that has this share of the calls since, and had next to none before."""

    by: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a difference is, along which keys or by which alike, and what says so.

    Parameters
    ----------
    new
        Of keys along which it is another mix, and of those by which nothing is told of what strata do.
    """

    said: Said
    by: list[str] = field(default_factory=list)
    new: list[New] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def verdict(before: Calls, after: Calls) -> Verdict | None:
    """Return what the difference of means is, None where by no key there are two strata.

    Parameters
    ----------
    before, after
        With the same keys, and rows in both.
    """
    both = drawn(before, after)
    if min(side.traces for side in both) < TRACES_MIN:
        return Verdict("unknown")
    every = {by: strata(both, [side.calls.strata[by] for side in both]) for by in before.strata}
    cut = {by: of for by, of in every.items() if of.calls.any(0).sum() > 1}
    parts = {by: _part(both, by, of) for by, of in cut.items() if _overlap(both, of) >= OVERLAP_MIN}
    told = [part for part in parts.values() if max(abs(part.mix), abs(part.behaviour)) > _EXACT]
    said, by = _said(both, cut, told)
    mixed = by if said in ("mix", "both") else []
    every_new = [_new(both, name, of) for name, of in cut.items() if name not in parts or name in mixed]
    new = [one for one in every_new if one.name and one.share >= NEW_MIN]
    return Verdict(said, by, new, told) if told or new else None


def _said(both: Both, cut: dict[str, Strata], parts: list[Part]) -> tuple[Said, list[str]]:
    """Return what it is, and along which keys or by which alike."""
    moved = [one for one in parts if one.is_mix]
    if moved:
        most = max(abs(one.mix) for one in moved)
        by = [one.by for one in moved if abs(one.mix) >= NAMED_MIN * most]
        return _of_mix([*moved, *_at_once(both, [cut[one.by] for one in moved])], by)
    if any(one.is_behaviour for one in parts) and not any(one.may_be_mix for one in parts):
        return "behaviour", [one.by for one in parts]
    return "unknown", []


def _of_mix(asked: list[Part], by: list[str]) -> tuple[Said, list[str]]:
    """Return what it is where the mix moved along some keys: by that which leaves least to what strata do."""
    least = min(asked, key=lambda one: abs(one.behaviour))
    mix, does = abs(least.mix), abs(least.behaviour)
    if all(one.is_behaviour for one in asked) and does >= NAMED_MIN * (mix + does):
        return "both", by
    # of what may be far off it is not known whether it is the larger part
    return ("mix", by) if mix >= does else ("unknown", [])


def _at_once(both: Both, keys: list[Strata]) -> list[Part]:
    """Return the parts by the strata of all keys at once, if there are several and traffic in both times."""
    labels = [np.zeros(len(side.calls), np.int64) for side in both]
    for of in keys:
        labels = [label * (len(of.names) + 1) + rows for label, rows in zip(labels, of.of_rows, strict=True)]
    of_all = strata(both, labels)
    return [_part(both, "", of_all)] if len(keys) > 1 and _overlap(both, of_all) >= OVERLAP_MIN else []


def _part(both: Both, by: str, of: Strata) -> Part:
    mix, behaviour = (part.sum(-1) for part in kitagawa(*shares_and_means(both, of)))
    traces = min(side.traces for side in both)
    factor = np.sqrt(traces / (traces - 1)) * t.ppf((1 + _CONFIDENCE) / 2, traces - 1)
    errors = [float(factor * np.std(part[1:])) for part in (mix, behaviour)]
    return Part(by, float(mix[0]), float(behaviour[0]), *errors)


def _overlap(both: Both, of: Strata) -> float:
    """Return which share of the calls since is in strata that had calls before."""
    return float(_shares_since(both, of)[(of.calls >= CALLS_MIN).all(0)].sum())


def _new(both: Both, by: str, of: Strata) -> New:
    """Return the stratum with most calls since, of those that had none before."""
    share = np.where(of.calls[0] < CALLS_MIN, _shares_since(both, of), 0.0)
    most, name = max(zip(share.tolist(), of.names, strict=False), default=(0.0, ""))
    return New(by, name, most)


def _shares_since(both: Both, of: Strata) -> Floats:
    since, rows = both[1], of.of_rows[1]
    share = np.bincount(rows, since.weights * since.calls.n, len(of.names) + 1)
    return np.asarray(share / share.sum())
