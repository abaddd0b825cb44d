"""Pooling: many series made comparable, so that one test watches them together. Pure.

Each series is expressed in ranks of what was usual of it, where all healthy series look alike, and their
counts are added up: a shift too small, or calls too few, to be seen in any one are seen in sixty. The mix of
the series does not matter, for the ranks of each are spread evenly. Numbers rank by their size, categories
by how rare they were: a pool's lower tail are calls that come out in a way that was rare.

Ranks of the calls that they were learned from are more even than those of calls that follow: what lies
beyond anything seen before comes only then. So a pool's reference is of hours after its members' [1]_.

References
----------
.. [1] As a conformal p-value is: V. Vovk, A. Gammerman, G. Shafer. Algorithmic Learning in a Random World,
   2nd edition, chapter 2 (2022).
"""

import numpy as np
from numpy.typing import NDArray

from analytics.drift.scores import Scores

Floats = NDArray[np.float64]

# drift.md 2.3.10
RANKS = 200
_EDGES = np.linspace(0, 1, RANKS + 1)


def ranked(scores: Scores, ids: NDArray[np.int64], counts: NDArray[np.number]) -> Floats:
    """Return counts of one series by the rank its values have in its reference.

    Calls of a bin or category are spread over the ranks that it covers in the reference.

    Parameters
    ----------
    ids : shape (n,)
        Bins or numbers of categories, whether or not the reference knows them.
    counts : shape (buckets, n)

    Returns
    -------
    shape (buckets, RANKS)
    """
    rows = scores.rows(ids)
    lower, upper = (edge[rows] for edge in _covered(scores))
    overlap = np.minimum(upper[:, None], _EDGES[1:]) - np.maximum(lower[:, None], _EDGES[:-1])
    share = np.clip(overlap, 0, None) / np.maximum(upper - lower, 1e-12)[:, None]
    # bins that the reference skips lie between two ranks: they count in the nearer one
    empty = share.sum(1) < 0.5
    share[empty] = 0
    share[empty, np.minimum((lower[empty] * RANKS).astype(np.int64), RANKS - 1)] = 1
    return np.asarray(counts @ share)


def _covered(scores: Scores) -> tuple[Floats, Floats]:
    """Return between which ranks each row of the scores lies."""
    order = np.arange(len(scores.share))
    if not scores.is_numeric:
        # what was never seen is rarest, then by how often it was
        order = np.roll(np.argsort(np.append(scores.share[:-1], np.inf), kind="stable"), 1)
    upper = np.empty(len(order))
    upper[order] = np.cumsum(scores.share[order])
    return upper - scores.share, upper
