"""Pooling: what many agents of one model provider share, made comparable. Pure.

Each series is expressed in ranks of its own reference, where all healthy series look alike, and
their counts are added up: a shift too small to be seen in any one agent is seen in sixty.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.drift.scores import Scores

Floats = NDArray[np.float64]

# drift.md 2.3.10
RANKS = 200


def ranked(scores: Scores, counts: NDArray[np.number]) -> Floats:
    """Return the counts of a numeric series by the rank its values have in its reference.

    A bin's spans are spread over the ranks that the bin covers in the reference.

    Parameters
    ----------
    counts : shape (buckets, n)
        By bins `scores.ids`.

    Returns
    -------
    shape (buckets, RANKS)
    """
    upper = np.cumsum(scores.share)[1:-1]
    lower = upper - scores.share[1:-1]
    edges = np.linspace(0, 1, RANKS + 1)
    overlap = np.minimum(upper[:, None], edges[1:]) - np.maximum(lower[:, None], edges[:-1])
    width = np.maximum(upper - lower, 1e-12)[:, None]
    share = np.clip(overlap, 0, None) / width
    # bins that the reference skips lie between two ranks: they count in the nearer one
    empty = share.sum(1) < 0.5
    share[empty] = 0
    share[empty, np.minimum((lower[empty] * RANKS).astype(np.int64), RANKS - 1)] = 1
    return np.asarray(counts @ share)
