"""Mix against behaviour: whether each group changed, or only how much traffic each one has. Pure.

Groups (strata) are cut by a key: model, tool, tenant, input length. A series as a whole drifts when
a slow tool is called more often, though no tool became slower (Simpson). So behaviour is judged
within groups, and the mix by a categorical detector on the groups' counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """How much of a difference of means comes from the mix, and how much from behaviour."""

    mix: float
    behaviour: float


def behaviour(within: Floats, mix: Floats, moved_at: float) -> Floats:
    """Return the evidence that behaviour changed, as a logarithm.

    A mix that shifts along one key looks like behaviour in the groups of any other, and may hide
    it there. So the keys whose mix is known to have moved are asked, and of them the least
    convinced counts; while none has, of all.

    Parameters
    ----------
    within : shape (keys, ...)
        `shared` evidence of the groups of each key.
    mix : shape (keys, ...)
        Evidence that the traffic's mix over the groups of each key moved.
    moved_at
        The evidence at which a mix counts as moved.
    """
    moved = mix >= moved_at
    asked = moved | ~moved.any(0)
    return np.asarray(np.where(asked, within, np.inf).min(0))


def shared(groups: Floats) -> Floats:
    """Return the evidence of the groups of one key together: their mean is an e-detector too.

    Parameters
    ----------
    groups : shape (groups, ...)
    """
    return np.asarray(logsumexp(groups, axis=0) - np.log(len(groups)))


def parts_of_groups(shares: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Return what each group has in the two parts of a difference: by its share, and by what it does.

    A share counts by how far its group lies from the mean of all: the sum is the same, for shares add up.

    Parameters
    ----------
    shares, means : shape (2, groups)
        As of `kitagawa`.
    """
    sides = np.where(shares > 0, means, means[::-1])
    whole = (shares * sides).sum() / 2
    return (shares[1] - shares[0]) * (sides.mean(0) - whole), (sides[1] - sides[0]) * shares.mean(0)


def kitagawa(shares: Floats, means: Floats) -> Decomposition:
    """Return the two parts of the difference between two means of a mixture of groups [1]_.

    Parameters
    ----------
    shares, means : shape (2, groups)
        Share of the traffic and mean of each group, in the reference and now. A group that is
        missing on one side has the mean of the other there: all of it is mix.

    Examples
    --------
    The slow group has doubled its share; neither group changed.

    >>> kitagawa(np.array([[0.8, 0.2], [0.6, 0.4]]), np.array([[1.0, 3.0], [1.0, 3.0]]))
    Decomposition(mix=0.4, behaviour=0.0)

    References
    ----------
    .. [1] E. M. Kitagawa. Components of a difference between two rates. J. Am. Stat. Assoc. 50
       (1955), 1168-1194.
    """
    mix, change = parts_of_groups(shares, means)
    return Decomposition(round(float(mix.sum()), 12), round(float(change.sum()), 12))
