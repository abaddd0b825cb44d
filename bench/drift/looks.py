"""Runs many invented series through the detector, as the service would: learn, then look at every bucket."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.correlation import PHI_PRIOR, pooled_phi
from analytics.drift.detector import fresh, log_prior, run, since_known_change
from analytics.drift.evidence import MARGIN, Margin, log_e
from analytics.drift.merging import merge_factor, merged
from analytics.drift.reference import Reference, fit, padded
from analytics.drift.scores import Scores, category_scores, numeric_scores
from bench.drift.families import START_H, Counts

Floats = NDArray[np.float64]
# Series and buckets at a time: their evidence is 60 MB.
TOGETHER, AT_ONCE = 100, 720


@dataclass(frozen=True, slots=True)
class Scored:
    """One series, scored by the reference that its first buckets are."""

    scores: Scores
    sums: Floats
    n: Floats
    traces: Floats
    factor: int


@dataclass(frozen=True, slots=True)
class Path:
    """Evidence of one series after every bucket of `bucket_h` hours that follows the reference."""

    place: int
    bucket_h: float
    log_m: Floats
    known: Floats

    def first(self, threshold: float) -> float | None:
        """Return after how many hours the evidence is at least this, None if never."""
        above = np.flatnonzero(self.log_m >= threshold)
        return float((above[0] + 1) * self.bucket_h) if len(above) else None


def scored(one: Counts, numeric: bool, reference: int) -> Scored:  # noqa: FBT001
    """Return a series as its reference's scores see it.

    Parameters
    ----------
    reference
        Buckets that are learned from.
    """
    factor = merge_factor(one.counts[:reference].sum(1))
    total = one.counts[:reference].sum(0)
    if numeric:
        some = np.flatnonzero(total)
        scores = numeric_scores(one.ids[some], total[some])
    else:
        scores = category_scores(one.ids, total, [str(number) for number in one.ids])
    counts = merged(one.counts, factor)
    return Scored(scores, scores.sums(one.ids, counts), counts.sum(1), merged(one.traces, factor), factor)


def paths(
    series: Sequence[Scored],
    reference: int,
    *,
    bucket_h: float = 1.0,
    margin: Margin = MARGIN,
    known_from: int | None = None,
    pool: bool = True,
) -> Iterator[Path]:
    """Yield the evidence of each series, in no particular order.

    Parameters
    ----------
    known_from
        Bucket after the reference at which a deployment is known.
    pool
        Whether the correlation of the wander is learned from all of the series.
    """
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, one in enumerate(series):
        groups[one.factor, one.scores.smooth].append(place)
    phi = PHI_PRIOR
    if pool:
        fits = [
            (fitted(series, some, reference, bucket_h, PHI_PRIOR).noise, bucket_h * series[some[0]].factor)
            for some in _some(groups.values())
        ]
        seen = [(one.correlations, one.wander_share) for one, _ in fits]
        phi = pooled_phi(seen, [length for _, length in fits])
    for some in _some(groups.values()):
        one = fitted(series, some, reference, bucket_h, phi)
        yield from _looked(one, [series[place] for place in some], some, reference, margin, known_from)


def _some(groups: Iterable[Sequence[int]]) -> Iterator[Sequence[int]]:
    for group in groups:
        for start in range(0, len(group), TOGETHER):
            yield group[start : start + TOGETHER]


def hours_of(buckets: int, bucket_h: float) -> Floats:
    """Return the middles of so many buckets."""
    return START_H + (np.arange(buckets) + 0.5) * bucket_h


def fitted(
    series: Sequence[Scored], some: Sequence[int], reference: int, bucket_h: float, phi: float
) -> Reference:
    """Return the reference of some series of the same factor."""
    chosen = [series[place] for place in some]
    length_h = bucket_h * chosen[0].factor
    until = reference // chosen[0].factor
    width = max(len(one.scores.names) for one in chosen)
    return fit(
        [one.scores for one in chosen],
        hours_of(until, length_h),
        padded([one.sums[:until] for one in chosen], width),
        np.stack([one.n[:until] for one in chosen], 1),
        bucket_h=length_h,
        traces=np.stack([one.traces[:until] for one in chosen], 1),
        phi_prior=phi,
    )


def _looked(
    one: Reference,
    chosen: Sequence[Scored],
    places: Sequence[int],
    reference: int,
    margin: Margin,
    known_from: int | None,
) -> Iterator[Path]:
    until = reference // chosen[0].factor
    width = one.shape[1]
    sums = padded([series.sums[until:] for series in chosen], width)
    n = np.stack([series.n[until:] for series in chosen], 1)
    hours = hours_of(until + len(n), one.bucket_h)[until:]
    prior, state, log_m = log_prior(one), fresh(one), []
    for start in range(0, len(n), AT_ONCE):
        now = slice(start, start + AT_ONCE)
        state, some = run(state, log_e(one, hours[now], sums[now], n[now], margin), one.buckets, prior)
        log_m.append(some)
    path, known = np.concatenate(log_m), np.zeros((0, len(chosen)))
    if known_from is not None:
        after = slice(known_from // chosen[0].factor, None)
        known = since_known_change(log_e(one, hours[after], sums[after], n[after], margin), prior)
    for column, place in enumerate(places):
        yield Path(place, one.bucket_h, path[:, column], known[:, column])
