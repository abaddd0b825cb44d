"""Scores: what a bet on drift is made on, as a value of every bin or category. Pure.

A bucket's counts enter the test as dot products with these, whatever the number of spans behind
them. Numeric metrics are scored by the Legendre polynomials of the mid-PIT (Neyman's smooth test
[1]_) for location, scale and skew, and by indicators of both tails; categories by an indicator
each, and by one for everything that the reference has never seen.

References
----------
.. [1] J. Neyman. Smooth test for goodness of fit. Skand. Aktuarietidskr. 20 (1937), 149-199.
.. [2] I. J. Good. The population frequencies of species and the estimation of population
   parameters. Biometrika 40 (1953), 237-264.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import eval_legendre

SMOOTH = ("location", "scale", "skew")
# drift.md 2.3.1, and a lower 1 %: the mid-PIT between which a value belongs to a tail
TAILS = (
    ("upper 5 %", 0.95, 1.0),
    ("upper 1 %", 0.99, 1.0),
    ("lower 5 %", 0.0, 0.05),
    ("lower 1 %", 0.0, 0.01),
)
UNSEEN = "unseen"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one series, centred under its reference.

    Parameters
    ----------
    ids : shape (rows - 1,) or (rows - 2,)
        Bins or category numbers of the reference, ascending; bins without a gap.
    values : shape (rows, scores)
        Category scores have a last row for what the reference has not seen. Numeric scores have a
        row on either side of the reference's bins, for what lies beyond them.
    share : shape (rows,)
        What the reference expects in each row; sums to one.
    smooth
        How many scores, the first ones, are polynomials of unit variance. The rest are indicators.
    names : length scores
    """

    ids: NDArray[np.int64]
    values: Floats
    share: Floats
    smooth: int
    names: Sequence[str]

    @property
    def is_numeric(self) -> bool:
        """Whether they are of numbers in bins, not of categories."""
        return len(self.share) == len(self.ids) + 2

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each bin or category number, whether or not the reference knows it."""
        if self.is_numeric:
            return np.asarray(np.clip(ids - self.ids[0] + 1, 0, len(self.ids) + 1))
        place = np.searchsorted(self.ids, ids)
        known = self.ids[np.minimum(place, len(self.ids) - 1)] == ids
        return np.asarray(np.where(known, place, len(self.ids)))

    def sums(self, ids: NDArray[np.int64], counts: NDArray[np.number]) -> Floats:
        """Return each bucket's sum of each score.

        Parameters
        ----------
        ids : shape (n,)
        counts : shape (buckets, n)
        """
        return np.asarray(counts @ self.values[self.rows(ids)], np.float64)


def numeric_scores(bins: NDArray[np.int64], counts: NDArray[np.number]) -> Scores:
    """Return the scores of a numeric metric.

    A constant has no PIT to speak of; what is bet on then is a value never seen before.

    Parameters
    ----------
    bins : shape (n,)
        Ascending, not empty, at least one of them counted.
    counts : shape (n,)
        How often each was seen in the reference.
    """
    ids = np.arange(bins[0], bins[-1] + 1)
    seen = np.zeros(len(ids) + 2)
    seen[bins - bins[0] + 1] = counts
    share = seen / seen.sum()
    polynomials = _polynomials(share)
    if not polynomials:
        new = _new_share(seen)
        share = np.where(seen > 0, share * (1 - new), new / np.count_nonzero(seen == 0))
        return Scores(ids, _indicator(seen == 0, share)[:, None], share, 0, (UNSEEN,))
    rank = _rank(share)
    tails = [(name, _indicator((rank >= low) & (rank <= high), share)) for name, low, high in TAILS]
    tails = [(name, score) for name, score in tails if np.ptp(score) and 1e-6 < -score.min() < 1 - 1e-6]
    names, values = zip(*polynomials, *tails, strict=True)
    return Scores(ids, np.stack(values, 1), share, len(polynomials), names)


def category_scores(numbers: NDArray[np.int64], counts: NDArray[np.number], names: Sequence[str]) -> Scores:
    """Return the scores of a categorical metric.

    Parameters
    ----------
    numbers : shape (n,)
        Ascending.
    counts : shape (n,)
        How often each was seen in the reference; those never seen count as unseen.
    names : length n
    """
    some = counts > 0
    ids, seen = numbers[some], np.append(counts[some], 0).astype(np.float64)
    new = _new_share(seen)
    share = np.append(seen[:-1] / seen.sum() * (1 - new), new)
    bet = np.arange(len(share))
    if len(ids) == 2:  # the two are one score with either sign
        bet = np.delete(bet, int(np.argmax(seen)))
    if len(ids) == 1:
        bet = bet[1:]
    every = [*(name for name, one in zip(names, some, strict=True) if one), UNSEEN]
    values = np.stack([_indicator(np.arange(len(share)) == one, share) for one in bet], 1)
    return Scores(ids, values, share, 0, [every[one] for one in bet])


def _polynomials(share: Floats) -> list[tuple[str, Floats]]:
    rank = _rank(share)
    found = []
    for degree, name in enumerate(SMOOTH, start=1):
        score = eval_legendre(degree, 2 * rank - 1)
        score = score - share @ score
        spread = np.sqrt(share @ score**2)
        if spread > 1e-6:
            found.append((name, score / spread))
    return found


def _rank(share: Floats) -> Floats:
    return np.asarray(np.cumsum(share) - share / 2)


def _indicator(of: NDArray[np.bool_], share: Floats) -> Floats:
    return of - share @ of


def _new_share(seen: Floats) -> float:
    """Return how much of what comes next has never been seen: Good and Turing's estimate [2]_.

    Half an observation more keeps it above nothing: the prior mass of drift.md 2.3.1.
    """
    return float(min((np.count_nonzero(seen == 1) + 0.5) / seen.sum(), 0.5))
