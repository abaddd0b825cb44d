"""Other tests of whether texts of two windows differ, which `two_contents` was preferred to."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from analytics.drift.contents import Contents, Contrast, contrast, matched_contents, whitening_within
from analytics.drift.difference import Difference, Windows, difference
from analytics.drift.hours import hour_class
from analytics.drift.sketch_reference import CONTENT_MARGIN, SIZE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_DAY_H, _BLOCK_H = 24, 6
_DRAWS = 199


def of_directions(first: Contents, second: Contents) -> float:
    """Return Bonferroni's p-value over 64 directions, each compared as any other series is."""
    found, means = _means(first, second)
    of_all = _difference(found, means, np.ones(len(means), bool))
    beyond = np.maximum(np.abs(of_all.size) - CONTENT_MARGIN, 0)
    p = (2 * student.sf(beyond / of_all.error, of_all.freedom)).max(0)
    return float(min(1, SIZE * p.min()))


def of_other_days(first: Contents, second: Contents) -> float:
    """Return the p-value in the direction in which the other half of the days differs, twice the smaller."""
    found, means = _means(first, second)
    days = len(np.unique(found.hours // _DAY_H))
    half = found.hours // (_DAY_H if days > 2 else _BLOCK_H) % 2 == 0
    return min(1.0, 2 * min(_in_direction(found, means, side) for side in (half, ~half)))


def of_shuffled_days(first: Contents, second: Contents) -> float:
    """Return how often as large a distance comes of days shuffled over the windows, weekends apart."""
    found, means = _means(first, second)
    days, of = np.unique(found.hours // _DAY_H, return_inverse=True)
    after = np.bincount(of, found.after) > 0
    weekend = hour_class(days * _DAY_H) >= _DAY_H
    texts, sums = np.bincount(of, found.texts), np.zeros((len(days), SIZE))
    np.add.at(sums, of, found.texts[:, None] * (means - _usual(found, means)))
    chance, as_far = np.random.default_rng(0), 0
    seen = _distance(sums, texts, after)
    for _ in range(_DRAWS):
        drawn = after.copy()
        for kind in (weekend, ~weekend):
            drawn[kind] = chance.permutation(after[kind])
        as_far += _distance(sums, texts, drawn) >= seen * (1 - 1e-9)
    return (as_far + 1) / (_DRAWS + 1)


def _means(first: Contents, second: Contents) -> tuple[Contrast, Floats]:
    whitening = whitening_within(first, second)
    matched = matched_contents(first, second)
    sums = np.concatenate([one.sums for one in matched])
    found = contrast(*matched, whitening)
    return found, sums / found.texts[:, None] @ whitening


def _difference(found: Contrast, means: Floats, some: Flags) -> Difference:
    texts = found.texts[some]
    windows = Windows(found.hours[some], found.after[some], means[some] * texts[:, None], texts)
    return difference(windows, np.ones(means.shape[1]))


def _in_direction(found: Contrast, means: Floats, usual: Flags) -> float:
    first, second = (
        np.average(means[of], axis=0, weights=found.texts[of])
        for of in (usual & ~found.after, usual & found.after)
    )
    towards = (second - first) / np.linalg.norm(second - first)
    one = _difference(found, (means @ towards)[:, None], ~usual)
    beyond = np.maximum(one.size - CONTENT_MARGIN, 0)
    return float(student.sf(beyond / one.error, one.freedom).max()) if one.size[0] > 0 else 1.0


def _usual(found: Contrast, means: Floats) -> Floats:
    of_like = np.bincount(found.like, found.texts)
    sums = np.stack([np.bincount(found.like, found.texts * one) for one in means.T], 1)
    return np.asarray((sums / of_like[:, None])[found.like])


def _distance(sums: Floats, texts: Floats, after: Flags) -> float:
    first, second = (sums[of].sum(0) / texts[of].sum() for of in (~after, after))
    return float(((second - first) ** 2).sum())


OTHERWISE = {
    "64 directions": of_directions,
    "direction of other days": of_other_days,
    "shuffled days": of_shuffled_days,
}
