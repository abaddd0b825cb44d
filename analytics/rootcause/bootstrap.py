"""How sure the order of causes is: their ranks among traces drawn again. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.assembly.lineage import Flags
from analytics.rootcause.spectrum import Cause

ROUNDS = 200
# As many of a hundred rounds lie within.
WITHIN = 90
# Of the causes below it is not asked.
CAUSES_MAX = 100


class RankInterval(NamedTuple):
    """Between which ranks a cause is in nine of ten draws; the first is 1."""

    best: int
    worst: int


def rank_intervals(
    causes: Sequence[Cause], failed: Flags, *, is_of_outcome: bool = True
) -> list[RankInterval]:
    """Return for each of the first causes where it stands if its traces are drawn again [1]_.

    References
    ----------
    .. [1] B. Efron. Bootstrap methods: another look at the jackknife. Ann. Statist. 7 (1979), 1-26.
    """
    if not causes:
        return []
    some = causes[:CAUSES_MAX]
    drawn = _drawn(failed)
    shown = np.array([one.mark.shown & (is_of_outcome | one.mark.could) for one in some], np.float32)
    could = np.array([failed & (is_of_outcome | one.mark.could) for one in some], np.float32)
    with_it, having, failing = (shown * failed) @ drawn, shown @ drawn, could @ drawn
    ochiai = with_it / np.sqrt(np.maximum(failing * having, 1))
    ochiai -= 2 * np.array([[one.downstream_of is not None] for one in some])
    ranks = (ochiai[None, :, :] > ochiai[:, None, :]).sum(axis=1) + 1
    best, worst = np.percentile(ranks, [(100 - WITHIN) / 2, (100 + WITHIN) / 2], axis=1, method="nearest")
    return [RankInterval(int(a), int(b)) for a, b in zip(best, worst, strict=True)]


def _drawn(failed: Flags) -> NDArray[np.float32]:
    """Return how often each trace is drawn in each round; each side is drawn by itself."""
    random = np.random.default_rng(0)
    drawn = np.zeros((len(failed), ROUNDS), np.float32)
    for side in (np.flatnonzero(failed), np.flatnonzero(~failed)):
        drawn[side] = random.multinomial(len(side), np.full(len(side), 1 / len(side)), ROUNDS).T
    return drawn
