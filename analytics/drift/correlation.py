"""How long a level that wanders stays where it is: the correlation of neighbouring buckets. Pure.

The correlation of one series is too poorly known alone, so it is the mode of a posterior whose prior is what
the whole fleet shows for that kind of metric.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# drift.md 2.3.3 and driftlab.py: measured there on eight families of series
PHI_PRIOR = 0.85
_PHI_GRID = np.array([0.0, 0.2, 0.4, 0.55, 0.65, 0.72, 0.78, 0.83, 0.87, 0.9, 0.925, 0.945, 0.96, 0.97])
_PRIOR_LOGIT_SD = 1.2
_LAGS_H = 24
_SERIES_TO_POOL = 10


def autocorrelations(residuals: Floats, bucket_h: float) -> Floats:
    """Return the correlations of residuals over a day's lags, their bias of 1 / buckets undone."""
    buckets = len(residuals)
    lags = int(min(max(4, _LAGS_H / bucket_h), max(buckets // 4, 1)))
    centred = residuals - residuals.mean(0)
    spectrum = np.fft.rfft(centred, 2 * buckets, axis=0)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[: lags + 1] / buckets
    return np.asarray(covariance[1:] / np.maximum((centred**2).mean(0), 1e-12) + 1 / buckets)


def map_phi(
    correlations: Floats,
    wander_share: Floats,
    buckets: int,
    bucket_h: float,
    phi_prior: float,
    alike: int = 1,
) -> Floats:
    """Return the wander's correlation over an hour: the mode given the prior, of each column.

    Residuals correlate as share * phi^lag. The prior is normal in the logit, around `phi_prior`. One column
    tells so little that of one in a hundred the wander seems to last less than half as long as it does
    (bench/drift, `category`): where neighbours are `alike`, the mode given all of them counts if longer.
    """
    misfit = np.stack([_misfit(correlations, wander_share, phi, bucket_h) for phi in _PHI_GRID])
    surprise = ((_logit(_PHI_GRID) - _logit(np.array(phi_prior))) / _PRIOR_LOGIT_SD)[:, None] ** 2
    cost = buckets * misfit / (1 + 2 * wander_share)
    together = cost.reshape(len(_PHI_GRID), -1, alike).sum(-1)
    own, theirs = ((one + surprise).argmin(0) for one in (cost, together))
    return np.asarray(_PHI_GRID[np.maximum(own, np.repeat(theirs, alike))])


def pooled_phi(fits: Sequence[tuple[Floats, Floats]], bucket_h: Sequence[float]) -> float:
    """Return the correlation over an hour that explains a whole fleet of one kind of metric best.

    Only columns whose wander matters say anything about it; with fewer than ten, `PHI_PRIOR`.

    Parameters
    ----------
    fits
        Correlations and share of the wander, as `map_phi` takes them, of some series each.
    bucket_h
        Length of a bucket of each.
    """
    cost, columns = np.zeros(len(_PHI_GRID)), 0
    for (correlations, wander_share), length_h in zip(fits, bucket_h, strict=True):
        if length_h > 3:
            continue
        telling = wander_share > 0.05
        columns += int(telling.sum())
        share, seen = wander_share[telling], correlations[:, telling]
        cost += [_misfit(seen, share, phi, length_h).sum() for phi in _PHI_GRID]
    return float(_PHI_GRID[2:][cost[2:].argmin()]) if columns >= _SERIES_TO_POOL else PHI_PRIOR


def _misfit(correlations: Floats, share: Floats, phi: float, bucket_h: float) -> Floats:
    lags = np.arange(1, len(correlations) + 1)[:, None]
    return np.asarray(((correlations - share * phi ** (bucket_h * lags)) ** 2).sum(0))


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log((share + 0.02) / (1 - share)))
