"""Row C1: whether a change of the traffic's mix is told from one of behaviour, with three keys at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.bins import bins_of
from analytics.drift.budget import log_threshold
from analytics.drift.mix import behaviour, kitagawa, shared
from bench.drift.delays import BEFORE_H
from bench.drift.families import Counts
from bench.drift.looks import Scored, paths, scored
from bench.drift.nulls import BUDGET_PER_H, MONTH_H, REFERENCE_H, SERIES
from bench.drift.peers.run import asked
from bench.drift.peers.streams import Stream
from bench.drift.report import Row, share
from bench.drift.size import Size

PER_HOUR = 100
# Log of the median of each group, by key: tool, tenant, length of the input
EFFECTS = (np.array([0.0, 1.6]), np.array([-0.2, 0.0, 0.3]), np.array([0.0, 0.4]))
SHARES = (np.array([0.7, 0.3]), np.array([0.5, 0.3, 0.2]), np.array([0.6, 0.4]))
MOVED = np.array([0.55, 0.45])


@dataclass(frozen=True, slots=True)
class Truth:
    """What changes: the mix over tools, and by how much everything becomes slower."""

    name: str
    mix: bool
    slower: float


TRUTHS = (
    Truth("nothing", mix=False, slower=0.0),
    Truth("mix 30 -> 45 %", mix=True, slower=0.0),
    Truth("behaviour +15 %", mix=False, slower=0.15),
    # a mean log of .15 * 1.6 more by mix, as much less by behaviour
    Truth("both, cancelling", mix=True, slower=float(np.expm1(-0.24))),
)


def rows(size: Size) -> Iterator[Row]:
    """Yield what is said of each truth."""
    at = log_threshold(SERIES, 1, BUDGET_PER_H)
    for truth in TRUTHS:
        seen = [_judged(size.seed, truth, number, at) for number in range(size.repeats)]
        marginal, within, moved = (sum(bool(one[part]) for one in seen) for part in range(3))
        part_mix, part_behaviour = np.mean([one[3] for one in seen], axis=0)
        required = ">= 98 %" if truth.slower else "<= 2 %"
        yield Row(
            "C1",
            f"{truth.name}: called behaviour, three keys at once",
            required,
            f"{share(within, size.repeats)}; mix {share(moved, size.repeats)}; "
            f"Kitagawa mix {part_mix:+.3f}, behaviour {part_behaviour:+.3f}",
            f"ours without keys: drift {share(marginal, size.repeats)}; {_beside(size, truth)}",
        )


def _beside(size: Size, truth: Truth) -> str:
    """Return in how many of some streams tools without keys call anything drift in a month."""
    invented = [_invented(size.seed, truth, number) for number in range(size.peer_streams)]
    streams = [Stream(np.exp(one.logs), one.slot, REFERENCE_H) for one in invented]
    told = []
    for peer in ("on_evidently", "on_nannyml"):
        for name, found in asked(peer, streams).items():
            drifted = found if isinstance(found, str) else f"{sum(map(bool, found))} of {len(found)}"
            told.append(f"{name} {drifted}")
    return "; ".join(told)


class _Invented(NamedTuple):
    """Logs of values, the hour of each, and its group by each key."""

    logs: NDArray[np.float64]
    slot: NDArray[np.int64]
    groups: list[NDArray[np.int64]]


def _invented(seed: int, truth: Truth, number: int) -> _Invented:
    rng = np.random.default_rng([seed, 5, TRUTHS.index(truth), number])
    slot = np.repeat(np.arange(REFERENCE_H + MONTH_H), rng.poisson(PER_HOUR, REFERENCE_H + MONTH_H))
    after = slot >= REFERENCE_H + BEFORE_H
    groups = [rng.choice(len(shares), len(slot), p=shares) for shares in SHARES]
    if truth.mix:
        groups[0][after] = rng.choice(2, int(after.sum()), p=MOVED)
    logs = 0.8 * rng.normal(size=len(slot)) + np.log1p(truth.slower) * after
    for effects, group in zip(EFFECTS, groups, strict=True):
        logs += effects[group]
    return _Invented(logs, slot, groups)


def _judged(seed: int, truth: Truth, number: int, at: float) -> tuple[bool, bool, bool, tuple[float, float]]:
    logs, slot, groups = _invented(seed, truth, number)
    after = slot >= REFERENCE_H + BEFORE_H
    bins = bins_of(np.exp(logs))
    every = _path([_numeric(bins, slot)])[0]
    within, mix = [], []
    for group, shares in zip(groups, SHARES, strict=True):
        some = [_numeric(bins[group == one], slot[group == one]) for one in range(len(shares))]
        within.append(shared(_path(some)))
        mix.append(_path([_mix(group, slot, len(shares))])[0])
    judged = behaviour(np.array(within), np.array(mix), at)
    means = np.array([[logs[side & (groups[0] == one)].mean() for one in (0, 1)] for side in (~after, after)])
    parts = kitagawa(np.array([SHARES[0], MOVED if truth.mix else SHARES[0]]), means)
    return (
        bool((every >= at).any()),
        bool((judged >= at).any()),
        bool((np.array(mix) >= at).any()),
        (parts.mix, parts.behaviour),
    )


def _path(series: list[Scored]) -> NDArray[np.float64]:
    found = {one.place: one.log_m for one in paths(series, REFERENCE_H, pool=False)}
    length = MONTH_H
    return np.stack(
        [np.repeat(found[place], length // len(found[place]))[:length] for place in sorted(found)]
    )


def _numeric(bins: NDArray[np.int64], slot: NDArray[np.int64]) -> Scored:
    low, width = int(bins.min()), int(np.ptp(bins)) + 1
    hours = REFERENCE_H + MONTH_H
    counts = np.bincount(slot * width + bins - low, minlength=hours * width).reshape(hours, width)
    one = Counts(np.arange(low, low + width), counts.astype(np.float32), counts.sum(1).astype(float))
    return scored(one, True, REFERENCE_H)


def _mix(group: NDArray[np.int64], slot: NDArray[np.int64], groups: int) -> Scored:
    hours = REFERENCE_H + MONTH_H
    counts = np.bincount(slot * groups + group, minlength=hours * groups).reshape(hours, groups)
    one = Counts(np.arange(groups), counts.astype(np.float32), counts.sum(1).astype(float))
    return scored(one, False, REFERENCE_H)
