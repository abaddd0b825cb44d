"""Mix against behaviour: the parts that strata have in a difference of means. Pure.

Strata are cut by a key: model, tool, user, length of the input. A series as a whole drifts when a slow tool
is called more often, though no tool became slower (Simpson).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Floats = NDArray[np.float64]


def kitagawa(shares: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Return what each stratum has in the two parts of a difference: by its share, and by what it does [1]_.

    A share counts by how far its stratum lies from the mean of all: the sum is the same, for shares add up.

    Parameters
    ----------
    shares, means : shape (2, ..., strata)
        Share of the traffic and mean of each stratum, in the reference and now. One that is missing on one
        side has the mean of the other there: all of it is mix.

    Returns
    -------
    mix, behaviour : shape (..., strata)
        Together they add up to the difference.

    Examples
    --------
    The slow stratum has doubled its share; neither changed.

    >>> mix, behaviour = kitagawa(np.array([[0.8, 0.2], [0.6, 0.4]]), np.array([[1.0, 3.0], [1.0, 3.0]]))
    >>> round(float(mix.sum()), 9), float(behaviour.sum())
    (0.4, 0.0)

    References
    ----------
    .. [1] E. M. Kitagawa. Components of a difference between two rates. J. Am. Stat. Assoc. 50
       (1955), 1168-1194.
    """
    sides = np.where(shares > 0, means, means[::-1])
    whole = (shares * sides).sum((0, -1))[..., None] / 2
    return (shares[1] - shares[0]) * (sides.mean(0) - whole), (sides[1] - sides[0]) * shares.mean(0)


def shared(groups: Floats) -> Floats:
    """Return the evidence of several series together: their mean is an e-detector too.

    Parameters
    ----------
    groups : shape (groups, ...)
        Logarithms.
    """
    return np.asarray(logsumexp(groups, axis=0) - np.log(len(groups)))
