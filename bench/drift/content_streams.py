"""Streams of texts in two windows that follow each other: healthy in several ways, or with a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analytics.drift.contents import Contents
from bench.drift.corpus import Corpus
from bench.drift.families import START_H

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Windows of a day are a Wednesday and a Thursday.
_WEDNESDAY_H = 48
_DAY_H = 24
# No document comes twice: no more than this part of all of them is drawn.
_DRAWN_MAX = 0.93
# Services, by chance, about which texts are at night, and themes that come and go.
_AT_NIGHT, _THEMES = 1 / 3, 12
_TRACE_TEXTS = 5


@dataclass(frozen=True, slots=True)
class Texts:
    """What texts do while nothing is wrong.

    Parameters
    ----------
    kind
        `independent`; `traces`: five a trace, about one service; `wander`: each theme's share wanders;
        `days`: each day has its own shares of themes; `nights`: they are about other services at night.
    over_h
        How long a share stays as it is: correlation falls to 1 / e.
    spread
        Standard deviation of the logarithm of a theme's share.
    """

    kind: str
    over_h: float = 0
    spread: float = 0

    def __str__(self) -> str:
        over = f" over {self.over_h:g} h" if self.over_h else ""
        return f"{self.kind}{over}{f', spread {self.spread:g}' if self.spread else ''}"


@dataclass(frozen=True, slots=True)
class Case:
    """Two windows of so many days; `change` concerns a share of the second's texts."""

    texts: Texts
    days: int
    per_hour: float
    change: str = ""
    much: float = 0.0

    def __str__(self) -> str:
        what = f": {self.much:.0%} {self.change}" if self.change else f", {self.texts}"
        return f"{self.days} days against {self.days}, {self.per_hour:g}/h{what}"


def two_windows(corpus: Corpus, seed: int, case: Case, number: int) -> tuple[Contents, Contents]:
    """Return sketches of both windows."""
    rng = np.random.default_rng([seed, 13, case.days, number])
    hours = 2 * case.days * _DAY_H
    clock = np.arange(hours)
    per_hour = min(case.per_hour, _DRAWN_MAX * len(corpus.texts) / hours)
    n = rng.poisson(per_hour * (1 + 0.8 * np.sin(2 * np.pi * (clock - rng.uniform(0, 24)) / 24)))
    slot = np.repeat(clock, n)
    second = slot >= hours // 2
    sketches = _changed(rng, corpus, case, n, second & (rng.random(len(slot)) < case.much))
    began = START_H + (_WEDNESDAY_H if case.days == 1 else 0)
    return (
        _window(sketches[~second], slot[~second], 0, hours // 2, began),
        _window(sketches[second], slot[second], hours // 2, hours, began),
    )


def _window(sketches: Floats, slot: Ints, start: int, end: int, began: int) -> Contents:
    texts = np.bincount(slot - start, minlength=end - start).astype(np.float64)
    upto = np.cumsum(np.vstack([np.zeros(sketches.shape[1]), sketches]), 0)
    sums = np.diff(upto[np.searchsorted(slot, np.arange(start, end + 1))], axis=0)
    return Contents(began + np.arange(start, end, dtype=np.float64), texts, sums, sketches.T @ sketches)


def _changed(
    rng: np.random.Generator, corpus: Corpus, case: Case, n: Ints, which: NDArray[np.bool_]
) -> Floats:
    if case.change != "topics":
        order = _drawn(rng, corpus, case.texts, n)
        sketches = corpus.plain.sketched[order]
        if case.change:
            sketches[which] = corpus.changed(case.change).sketched[order[which]]
        return sketches.astype(np.float64)
    service = _services(corpus)
    counts = np.bincount(service)
    order = rng.permutation(len(counts))
    enough = np.searchsorted(np.cumsum(counts[order]), which.sum()) + 1
    unheard = np.isin(service, order[: max(enough, 8)])
    known, new = (rng.permutation(np.flatnonzero(side)) for side in (~unheard, unheard))
    drawn = np.resize(known, n.sum())
    drawn[which] = new[: which.sum()]
    return corpus.plain.sketched[drawn].astype(np.float64)


def _drawn(rng: np.random.Generator, corpus: Corpus, texts: Texts, n: Ints) -> Ints:
    """Return which texts come, one after another; none twice."""
    service = _services(corpus)
    if texts.kind == "independent":
        return rng.permutation(len(service))[: n.sum()]
    if texts.kind == "traces":
        return _traces(rng, service, int(n.sum()))
    many = 2 if texts.kind == "nights" else _THEMES
    of = rng.permutation(service.max() + 1)
    theme = (of < _AT_NIGHT * len(of)).astype(int) if many == 2 else of % many
    return _themes(rng, theme[service], _shares(rng, texts, len(n), many), n)


@cache
def _services(corpus: Corpus) -> Ints:
    """Return of which service each text is, by number."""
    return np.unique(corpus.service, return_inverse=True)[1]


def _shares(rng: np.random.Generator, texts: Texts, hours: int, many: int) -> Floats:
    from scipy.signal import lfilter  # noqa: PLC0415 - slow to import, and of use here alone

    if texts.kind == "nights":
        at_night = np.where(np.arange(hours) % _DAY_H < 8, 0.8, 0.15)
        return np.stack([1 - at_night, at_night], 1)
    if texts.kind == "days":
        level = np.repeat(rng.normal(0, texts.spread, (hours // _DAY_H, many)), _DAY_H, 0)
    else:
        stays = np.exp(-1 / texts.over_h)
        shocks = rng.normal(0, texts.spread * np.sqrt(1 - stays**2), (hours, many))
        shocks[0] = rng.normal(0, texts.spread, many)
        level = lfilter([1], [1, -stays], shocks, axis=0)
    shares = np.exp(level)
    return np.asarray(shares / shares.sum(1, keepdims=True))


def _themes(rng: np.random.Generator, theme: Ints, shares: Floats, n: Ints) -> Ints:
    waiting = [rng.permutation(np.flatnonzero(theme == one)).tolist() for one in range(shares.shape[1])]
    found: list[int] = []
    for share, many in zip(shares, n, strict=True):
        for one, wanted in enumerate(rng.multinomial(many, share)):
            found += _taken(waiting, one, int(wanted))
    return np.array(found, np.int64)


def _taken(waiting: Sequence[list[int]], one: int, wanted: int) -> list[int]:
    """Return so many texts of a theme, and of the largest where it has no more."""
    found: list[int] = []
    while len(found) < wanted:
        of = waiting[one] or max(waiting, key=len)
        rest = wanted - len(found)
        found += of[-rest:]
        del of[-rest:]
    return found


def _traces(rng: np.random.Generator, service: Ints, many: int) -> Ints:
    """Return traces one after another, of texts of one service each."""
    order = rng.permutation(len(service))
    order = order[np.argsort(service[order], kind="stable")]
    breaks = np.r_[True, np.diff(service[order]) != 0] | (rng.random(len(order)) < 1 / _TRACE_TEXTS)
    trace = np.cumsum(breaks) - 1
    place = rng.permutation(trace.max() + 1)[trace]
    return np.asarray(order[np.argsort(place, kind="stable")][:many])
