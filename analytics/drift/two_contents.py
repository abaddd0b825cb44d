"""Whether texts of two windows say something else, by more than their noise. Pure.

The squared distance of the two mean sketches, over all 64 directions at once, beside what chance makes of it:
Dempster's test [1]_, which few observations are enough for, since the variance is summed over directions too.
An observation is no text but a stretch of time (`stretches`): a forty-eighth, a quarter and a half of a
window, and a day. The largest variance of the four counts, and a standard error more. The part of it that
the shortest stretches have lies in as many directions as they show; the rest, topics that wander, is taken
to lie in one. By how many directions each part has, the ratio is Fisher's F [2]_.

Below three days on either side days are taken to differ, for whether they do is not to be seen.

Three others were measured beside it (docs/drift.md, `bench/drift/contents_otherwise.py`). Bonferroni over 64
directions, and the direction in which other days differ, find less. Days shuffled over the windows find
more, but say nothing of a day, and where topics wander for days they call healthy weeks different.

References
----------
.. [1] A. P. Dempster. A high dimensional two sample significance test. Ann. Math. Stat. 29 (1958), 995-1010.
   With Z. Bai and H. Saranadasa's estimate of tr(S^2), Statistica Sinica 6 (1996), 311-329.
.. [2] G. E. P. Box. Some theorems on quadratic forms applied in the study of analysis of variance problems.
   Ann. Math. Stat. 25 (1954), 290-302.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as fisher

from analytics.drift.contents import Contents, Contrast, contrast, matched_contents, whitening_within
from analytics.drift.difference import DAYS_MIN
from analytics.drift.sketch_reference import CONTENT_MARGIN, SIZE
from analytics.drift.stretches import Variance, by_stretches, days, parts

# bench/drift: chosen on seed 1 (docs/drift.md)
_WANDER_DIRECTIONS = 1
_STANDARD_ERRORS = 1.0
# How far the mean texts of two days may be from what is usual, in standard deviations of one text.
_DAY_SPREAD = 0.1
# Of a window of a day or two that are hours.
_PARTS_MAX = 48
_DAY_H = 24
# Of one text said always.
_NO_VARIANCE = 1e-100


class MovedContent(NamedTuple):
    """By how much the mean text moved, in standard deviations of one text, and how likely by chance."""

    p: float
    distance: float


class Spread(NamedTuple):
    """Variances of the difference, by stretches of a window.

    Parameters
    ----------
    shortest, halves
    largest
        Of all.
    unseen
        By which days may differ, where they are too few to tell.
    """

    shortest: Variance
    halves: Variance
    largest: float
    unseen: float


def moved_content(first: Contents, second: Contents) -> MovedContent:
    """Return by how much texts of the second window differ, at the hours of the day that both have."""
    whitening = whitening_within(first, second)
    found = contrast(*matched_contents(first, second), whitening)
    return judged_content(float(found.size @ found.size), spread(found))


def tells_days(first: Contents, second: Contents) -> bool:
    """Return whether two matched windows have days enough to tell how much days differ by themselves."""
    return min(_days(one.hours) for one in (first, second)) >= DAYS_MIN


def spread(found: Contrast) -> Spread:
    """Return how far the windows would differ by chance."""
    shortest, quarters, halves = (by_stretches(found, parts(found, many)) for many in (_PARTS_MAX, 4, 2))
    counted = [_days(found.hours[found.after == after]) for after in (False, True)]
    largest = max(shortest.total, quarters.total, halves.total)
    if min(counted) < DAYS_MIN:
        return Spread(shortest, halves, largest, _DAY_SPREAD**2 * sum(1 / many for many in counted))
    return Spread(shortest, halves, max(largest, by_stretches(found, days(found)).total), 0.0)


def judged_content(squared: float, of: Spread) -> MovedContent:
    """Return what a squared distance says."""
    # chance alone makes halves differ by so much more or less
    unsure = of.halves.total * np.sqrt(2 / (SIZE * of.halves.freedom))
    variance = max(of.largest + _STANDARD_ERRORS * unsure + of.unseen, _NO_VARIANCE)
    sampling = of.shortest.total / variance
    shares = np.array([sampling**2 / of.shortest.directions, (1 - sampling) ** 2 / _WANDER_DIRECTIONS])
    freedom = 1 / (shares / [of.shortest.freedom, of.halves.freedom]).sum()
    beyond = max(squared - CONTENT_MARGIN**2, 0.0)
    p = float(fisher.sf(beyond / variance, 1 / shares.sum(), freedom))
    # the squared distance of samples is larger than that of what they are drawn from, by their variance
    return MovedContent(p, float(np.sqrt(max(squared - of.largest, 0.0))))


def _days(hours: NDArray[np.float64]) -> int:
    return len(np.unique(hours // _DAY_H))
