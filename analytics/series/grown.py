"""Grown: which categories of a series come more often than was usual. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

from analytics.series.answers import OTHER
from analytics.series.counts import Counts
from analytics.series.kept import Usual

CATEGORIES_MAX = 5


def grown(usual: Usual, counted: Counts, names: Mapping[int, str]) -> Sequence[str]:
    """Return categories that grew, those of which that is surest first; `other` is many, and no name.

    Parameters
    ----------
    counted
        What was counted since.
    names
        Of the numbers of categories.
    """
    items, place = np.unique(counted.items, return_inverse=True)
    calls = np.bincount(place, counted.calls, len(items))
    scores = usual.scores()
    before, after = scores.share[scores.rows(items)], calls / max(calls.sum(), 1)
    # its part in the likelihood ratio of the two sets of shares
    gained = np.where(after > before, calls * np.log(np.maximum(after, 1e-12) / before), 0.0)
    order = np.argsort(-gained, kind="stable")[:CATEGORIES_MAX]
    told = [names.get(int(items[one]), OTHER) for one in order if gained[one] > 0]
    return [name for name in told if name != OTHER]
