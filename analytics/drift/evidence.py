"""Evidence of single buckets: tempered e-values of every bet. Pure.

A bet is a score, a direction and a size. Its e-value has expectation at most one while the series
behaves as its reference does, give or take the margin; large values are evidence of drift. A
likelihood ratio to a power of at most one is still an e-value (Jensen), so noise costs power and not
validity: the power is the share of the spans' information that is left beside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.drift.baseline import SMOOTH, baseline_at
from analytics.drift.reference import Reference
from analytics.drift.tilt import binomial_natural, binomial_psi, binomial_variance, possible

Floats = NDArray[np.float64]

# drift.md 2.3.4: sizes bet on, natural parameters of polynomials and log-odds of indicators
SIZES = np.array([0.03, 0.06, 0.12, 0.25, 0.5, 0.9])
LOG_ODDS = np.array([0.15, 0.35, 0.8, 1.6, 3.0, 5.0])
# How far spans of one trace count as one, by size of the bet. The noise's variance tells how far they do
# for small bets; what large bets cost hangs on the tail of a trace's sum, which a variance understates.
# With a power of one in the number of spans a bet is valid however alike they are (Hoelder). Beyond
# one because a span is likelier to be in a long trace than in a short one.
_AS_ONE = np.array([0.0, 0.0, 0.25, 0.75, 1.5, 1.5])
# What a level that wanders does to scale and skew is the square of its swing, whose tail is that of
# chi-square: exp(s d^2) has an expectation only for s < 1 / (2 var d). The scale of a normal sample
# moves by .65 d^2 when its location moves by d, both in units of the scores.
_BENT = 1.3
# No bucket alone is worth more than a factor of 10,000: an alarm needs two of them.
LOG_E_MAX = 9.2
# A wave of a day moves by an eighth of its height in an hour at most, a step at once.
_EDGE = 0.25
_WEEK = np.arange(0.5, 7 * 24, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Margin:
    """What is not worth a page, and what a finite reference cannot tell.

    Parameters
    ----------
    smallest
        Smallest shift anyone is paged for, in standard deviations of one span's score: .02 is about 1.7
        % of the median of a lognormal of sigma .8. drift.md 2.3.4 has .03, and needs it for clusters.
    odds
        The same for indicators, as a share of their odds; the lesser of the two counts.
    se
        Standard errors of the baseline that are conceded.
    """

    smallest: float = 0.02
    odds: float = 0.1
    se: float = 0.7


MARGIN = Margin()


def log_e(
    reference: Reference,
    hours: Floats,
    sums: Floats,
    n: Floats,
    margin: Margin = MARGIN,
    *,
    capped: bool = True,
) -> Floats:
    """Return the logarithm of each bet's e-value in each bucket.

    Parameters
    ----------
    hours : shape (buckets,)
    sums : shape (buckets, series, scores)
    n : shape (buckets, series)
    capped
        Whether no bucket counts more than `LOG_E_MAX`. Times of change are told better without.

    Returns
    -------
    shape (buckets, series, scores, 2, sizes)
        Up, then down. A bucket without spans says nothing: 0.
    """
    means = baseline_at(hours, reference.noise.beta).reshape(-1, *reference.shape)
    conceded = _conceded(reference, margin)
    power = _power(reference, means, n)
    found = np.zeros((*sums.shape, 2, len(SIZES)))
    smooth = slice(0, reference.smooth)
    rare = slice(reference.smooth, None)
    for sign in (1, -1):
        direction = 0 if sign > 0 else 1
        null = means + sign * conceded
        found[..., smooth, direction, :] = _polynomials(
            reference, null[..., smooth], sums[..., smooth], n, sign
        )
        found[..., rare, direction, :] = _indicators(reference, null[..., rare], sums[..., rare], n, sign)
    found *= power[..., None, :]
    found[:, ~reference.alive] = 0
    found[_is_edge(reference, hours, means)] = 0
    return np.minimum(found, LOG_E_MAX) if capped else found


def _is_edge(reference: Reference, hours: Floats, means: Floats) -> NDArray[np.bool_]:
    """Return whether what is usual differs much between a bucket and its neighbours; it says nothing then.

    What begins at nine begins an hour earlier by this clock when people put theirs forward.
    """
    has_effects = reference.noise.beta[SMOOTH:].any(0).reshape(reference.shape)
    found = np.zeros(means.shape, bool)
    if has_effects.any():
        beta = reference.noise.beta[:, has_effects.ravel()]
        usual, by_h = means[:, has_effects], max(reference.bucket_h, 1)
        steps = (np.abs(baseline_at(hours + by, beta) - usual) for by in (-by_h, by_h))
        height = np.ptp(baseline_at(_WEEK, beta), axis=0)
        found[:, has_effects] = np.maximum(*steps) > _EDGE * by_h * height
    return found


def _conceded(reference: Reference, margin: Margin) -> Floats:
    smallest = margin.smallest * reference.spread
    odds = margin.odds * reference.spread**2
    odds[:, : reference.smooth] = np.inf
    return np.minimum(smallest, odds) + margin.se * reference.noise.se.reshape(reference.shape)


def _power(reference: Reference, means: Floats, n: Floats) -> Floats:
    noise = reference.noise
    # beside the variance of one span: log-odds that wander by d move a share q by q (1 - q) d
    wander = np.ones(means.shape) * (noise.wander * noise.run).reshape(reference.shape)
    rare = slice(reference.smooth, None)
    wander[..., rare] *= binomial_variance(reference.share[:, rare], means[..., rare])
    inflated = np.maximum(noise.dispersion.reshape(reference.shape), 1 + wander * n[..., None])
    inflated = inflated * noise.lag.reshape(reference.shape)
    alike = 1 + (reference.cluster[:, None, None] - 1) * _AS_ONE
    needed = np.maximum(inflated[..., None], alike)
    bent = slice(1, reference.smooth)
    swing = (wander[..., :1] * n[..., None])[..., None] * SIZES * _BENT
    needed[..., bent, :] = np.maximum(needed[..., bent, :], swing)
    return np.asarray(1 / needed)


def _polynomials(reference: Reference, null: Floats, sums: Floats, n: Floats, sign: int) -> Floats:
    flat = null.reshape(len(null), -1)
    natural = reference.tilts.natural(flat)[..., None]
    bets = sign * SIZES
    psi = reference.tilts.at(np.concatenate([natural, natural + bets], -1))
    cost = (psi[..., 1:] - psi[..., :1]).reshape(*null.shape, len(SIZES))
    return np.asarray(sums[..., None] * bets - n[..., None, None] * cost)


def _indicators(reference: Reference, null: Floats, sums: Floats, n: Floats, sign: int) -> Floats:
    share = reference.share[:, reference.smooth :]
    held = possible(share, null)
    natural = binomial_natural(share, held)
    bets = sign * LOG_ODDS
    cost = binomial_psi(share[..., None], natural[..., None] + bets) - binomial_psi(share, natural)[..., None]
    found = sums[..., None] * bets - n[..., None, None] * cost
    # a share that is usually next to nothing at that hour cannot have less
    found[sign * (null - held) > 0] = 0
    return np.asarray(found)
