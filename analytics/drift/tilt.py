"""Exponential tilts of the reference: what a score's mean looks like as a likelihood ratio. Pure.

The cumulant function of score g under the reference p is psi(h) = log sum_b p_b exp(h g_b); the
distribution p_b exp(h g_b - psi(h)) has the mean psi'(h). A bet on a change by l from natural
parameter h pays exp(l S - n (psi(h + l) - psi(h))), with expectation one where the mean is psi'(h)
[1]_. For an indicator that is the likelihood ratio of two binomials, valid at any count.

References
----------
.. [1] G. Shafer. Testing by betting. J. R. Stat. Soc. A 184 (2021), 407-431.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

Floats = NDArray[np.float64]

_STEP = 0.1
_GRID = np.arange(-40, 41) * _STEP


@dataclass(frozen=True, slots=True)
class Tilts:
    """Cumulant functions of many scores.

    Parameters
    ----------
    psi, slope : shape (scores, 81)
        Cumulant function and its derivative on a grid of natural parameters. Between its points the
        cubic with both ends' slopes is at most 1e-6 off, which a thousand spans make .001.
    """

    psi: Floats
    slope: Floats

    def at(self, natural: Floats) -> Floats:
        """Return psi of natural parameters.

        Parameters
        ----------
        natural : shape (..., scores, n)
        """
        place = np.clip(natural / _STEP + 40, 0, 79.999999)
        cell = place.astype(np.int64)
        x = place - cell
        flat = cell + np.arange(len(self.psi))[:, None] * len(_GRID)
        psi, slope = self.psi.ravel(), self.slope.ravel()
        low, high = psi[flat], psi[flat + 1]
        rise = high - low
        left, right = slope[flat] * _STEP - rise, rise - slope[flat + 1] * _STEP
        return np.asarray(low + x * rise + x * (1 - x) * ((1 - x) * left + x * right))

    def natural(self, means: Floats) -> Floats:
        """Return the natural parameters at which the scores have these means, as near as the grid goes.

        Parameters
        ----------
        means : shape (..., scores)
        """
        found = np.empty_like(means)
        for score, slope in enumerate(self.slope):
            found[..., score] = np.interp(means[..., score], slope, _GRID)
        return found


def tilts(share: Floats, values: Floats) -> Tilts:
    """Return the cumulant functions of the scores of one series.

    Parameters
    ----------
    share : shape (rows,)
    values : shape (rows, scores)
    """
    some = share > 0
    exponent = np.log(share[some])[:, None, None] + values[some, :, None] * _GRID
    top = exponent.max(0)
    weight = np.exp(exponent - top)
    total = weight.sum(0)
    return Tilts(top + np.log(total), np.einsum("bkh,bk->kh", weight, values[some]) / total)


def possible(share: Floats, means: Floats) -> Floats:
    """Return means of centred indicators, held at a twentieth of what is possible where beyond it."""
    return np.asarray(np.clip(means, -0.95 * share, 0.95 * (1 - share)))


def binomial_variance(share: Floats, means: Floats) -> Floats:
    """Return the variance of one span's indicator where it has these means; by so much odds move a share.

    Examples
    --------
    >>> float(binomial_variance(np.array(0.2), np.array(0.3)))
    0.25
    """
    at = share + possible(share, means)
    return np.asarray(at * (1 - at))


def binomial_psi(share: Floats, log_odds: Floats) -> Floats:
    """Return psi of a centred indicator: log(1 - q + q e^h) - q h."""
    return np.asarray(np.logaddexp(np.log1p(-share), np.log(share) + log_odds) - share * log_odds)


def binomial_natural(share: Floats, means: Floats) -> Floats:
    """Return by how much the log-odds of a centred indicator are raised where it has these means."""
    return np.asarray(logit(share + means) - logit(share))


def binomial_mean(share: Floats, log_odds: Floats) -> Floats:
    """Return the mean of a centred indicator whose log-odds are raised by this."""
    return np.asarray(expit(logit(share) + log_odds) - share)
