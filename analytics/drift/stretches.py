"""Stretches of time: how far windows of texts would differ by chance, by how far parts of them do. Pure.

Texts of a trace, of an hour and of a day are alike, and what they are about wanders. So the variance of a
difference of means is not what as many independent texts would have. Here the hours of each window are put
into stretches, and each stretch is one observation: a sandwich with clusters, summed over all 64 directions,
which makes few stretches enough. What the fit has taken out of the residuals is put back as it would be of
independent texts [1]_, exactly, whatever the traffic.

References
----------
.. [1] R. M. Bell, D. F. McCaffrey. Bias reduction in standard errors for linear regression with multi-stage
   samples. Survey Methodology 28 (2002), 169-181. By the trace alone; their degrees of freedom too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.drift.contents import Contrast

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DAY_H = 24


class Variance(NamedTuple):
    """Variance of the difference summed over all directions, and its degrees of freedom in each of them.

    Parameters
    ----------
    directions
        In how many directions alike it would be spread, from 1 to 64.
    """

    total: float
    freedom: float
    directions: float


def by_stretches(contrast: Contrast, stretch: Ints) -> Variance:
    """Return what stretches say of it.

    Parameters
    ----------
    stretch : shape (hours,)
        In which stretch each hour is, from 0 on.
    """
    pulls = np.zeros((stretch.max() + 1, contrast.residuals.shape[1]))
    np.add.at(pulls, stretch, contrast.pull[:, None] * contrast.residuals)
    expected = _expected(contrast, stretch)
    left = float(np.trace(expected))
    of_one = float((pulls**2).sum() / left)
    independent = float((contrast.pull**2 / contrast.texts).sum())
    return Variance(
        independent * of_one, left**2 / float((expected**2).sum()), _directions(pulls, expected, of_one)
    )


def parts(contrast: Contrast, many: int) -> Ints:
    """Return in which of so many parts of its window each hour is, numbered through."""
    found = np.zeros(len(contrast.hours), np.int64)
    for after in (False, True):
        of = np.flatnonzero(contrast.after == after)
        found[of] = np.arange(len(of)) * many // len(of)
    return _numbered(contrast, found)


def days(contrast: Contrast) -> Ints:
    """Return of which day each hour is, numbered through."""
    return _numbered(contrast, contrast.hours.astype(np.int64) // _DAY_H)


def _numbered(contrast: Contrast, of_window: Ints) -> Ints:
    both = np.stack([contrast.after.astype(np.int64), of_window])
    return np.unique(both, axis=1, return_inverse=True)[1].ravel()


def _expected(contrast: Contrast, stretch: Ints) -> Floats:
    """Return covariances of the stretches' pulls in one direction, were texts independent."""
    like, texts, pull = contrast.like, contrast.texts, contrast.pull
    stretches, parameters = stretch.max() + 1, like.max() + 2
    regressors = np.zeros((len(like), parameters))
    regressors[np.arange(len(like)), like] = 1
    regressors[:, -1] = contrast.after
    gram = regressors.T @ (texts[:, None] * regressors)
    pulled = np.zeros((stretches, parameters))
    np.add.at(pulled, stretch, pull[:, None] * regressors)
    taken = pulled @ np.linalg.solve(gram, pulled.T)
    return np.asarray(np.diag(np.bincount(stretch, pull**2 / texts)) - taken)


def _directions(pulls: Floats, expected: Floats, of_one: float) -> float:
    """Return tr(S)^2 / tr(S^2) of the covariance S that stretches have, from products of different ones.

    With their squares it would be no more than there are stretches (Z. Bai, H. Saranadasa, Effect of high
    dimension: by an example of a two sample problem. Statistica Sinica 6 (1996), 311-329).
    """
    apart = ~np.eye(len(pulls), dtype=bool)
    alone = np.diag(expected)
    squares, crossed = (expected[apart] ** 2).sum(), np.outer(alone, alone)[apart].sum()
    found = (((pulls @ pulls.T)[apart] ** 2).sum() - of_one**2 * squares) / (crossed + squares)
    size = pulls.shape[1]
    return float(np.clip(of_one**2 / max(found, 1e-300), 1, size))
