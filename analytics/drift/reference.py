"""The reference of many series: what each is compared with, fitted from summaries alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.baseline import classes, smooth
from analytics.drift.correlation import PHI_PRIOR
from analytics.drift.noise import Noise, fit_noise
from analytics.drift.scores import Scores
from analytics.drift.tilt import Tilts, tilts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reference:
    """References of series of one kind whose buckets begin and end together.

    Series with fewer scores than others are padded with scores that are never bet on.

    Parameters
    ----------
    scores : length series
    bucket_h
        Length of a bucket in hours.
    buckets
        How many there are of the reference: the horizon of the evidence.
    share, spread : shape (series, scores)
        Mean and standard deviation of each indicator of one span; the spread of a polynomial is one.
    alive : shape (series, scores)
        Which scores are bet on.
    smooth
        How many of the scores, the first ones, are polynomials.
    tilts
        Of the polynomials: a row for each of series x smooth.
    noise
        A column for each of series x scores.
    cluster : shape (series,)
        Spans of one trace in one bucket, on average; 1 where traces are not known.
    """

    scores: Sequence[Scores]
    bucket_h: float
    buckets: int
    share: Floats
    spread: Floats
    alive: NDArray[np.bool_]
    smooth: int
    tilts: Tilts
    noise: Noise
    cluster: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Series and scores."""
        series, scores = self.share.shape
        return series, scores


def padded(sums: Sequence[Floats], width: int) -> Floats:
    """Return the sums of every series side by side, shape (buckets, series, width)."""
    stacked = np.zeros((len(sums[0]), len(sums), width))
    for series, one in enumerate(sums):
        stacked[:, series, : one.shape[1]] = one
    return stacked


def fit(
    scores: Sequence[Scores],
    hours: Floats,
    sums: Floats,
    n: Floats,
    *,
    bucket_h: float = 1.0,
    traces: Floats | None = None,
    phi_prior: float = PHI_PRIOR,
) -> Reference:
    """Return the reference that these buckets are.

    Parameters
    ----------
    scores : length series
        Made from the same buckets' counts, added up; all with the same number of polynomials.
    hours : shape (buckets,)
        Middle of each bucket, in hours since the epoch.
    sums : shape (buckets, series, scores)
        `padded` sums of the scores.
    n : shape (buckets, series)
        Spans.
    traces : shape (buckets, series)
        Different traces that the spans belong to.
    """
    width = sums.shape[2]
    bets = bets_of(scores, width)
    noise = fit_noise(
        smooth(hours),
        classes(hours),
        sums.reshape(len(sums), -1),
        np.repeat(n, width, axis=1) * bets.alive.ravel(),
        (bets.spread**2).ravel(),
        shares_of(bets.share, bets.smooth),
        bucket_h=bucket_h,
        phi_prior=phi_prior,
        # categories take from each other; the scores of a number wander differently
        alike=1 if bets.smooth else width,
    )
    cluster = np.ones(len(scores)) if traces is None else n.sum(0) / np.maximum(traces.sum(0), 1)
    return Reference(scores, bucket_h, len(hours), *bets, noise, cluster)


class Bets(NamedTuple):
    """What is bet on, of series side by side: as in `Reference`."""

    share: Floats
    spread: Floats
    alive: NDArray[np.bool_]
    smooth: int
    tilts: Tilts


def bets_of(scores: Sequence[Scores], width: int) -> Bets:
    """Return what is bet on; a score that a series has not is none.

    Parameters
    ----------
    width
        Scores of the series that has most.
    """
    share, spread = np.full((2, len(scores), width), 0.5)
    alive = np.zeros((len(scores), width), bool)
    for series, one in enumerate(scores):
        some = len(one.names)
        alive[series, :some] = True
        share[series, :some] = -one.values.min(0)
        spread[series, :some] = np.sqrt(one.share @ one.values**2)
    smooth = scores[0].smooth
    curves = [tilts(one.share, one.values[:, :smooth]) for one in scores] if smooth else []
    psi, slope = (
        np.concatenate([getattr(one, part) for one in curves]) if curves else np.zeros((0, 81))
        for part in ("psi", "slope")
    )
    return Bets(share, spread, alive, smooth, Tilts(psi, slope))


def shares_of(share: Floats, smooth: int) -> Floats:
    """Return the share of every indicator, of series side by side as columns; NaN of polynomials.

    Parameters
    ----------
    share, smooth
        As in `Reference`.
    """
    return np.where(np.arange(share.shape[1]) < smooth, np.nan, share).ravel()
