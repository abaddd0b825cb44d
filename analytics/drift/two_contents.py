"""Whether texts of two windows say something else, by more than their noise. Pure.

The squared distance of the two mean sketches, over all 64 directions at once, beside what chance makes of it:
Dempster's test [1]_, which few observations are enough for, since the variance is summed over directions too.
An observation is no text but a stretch of time (`stretches`): about an hour, a day, a quarter and a half of
a window. The largest of the four counts. Where halves differ more than quarters say, what texts are about
wanders for longer than a quarter, and windows differ by more yet: by as much again. Of that variance a
standard error is conceded. What is beyond the variance of hours wanders in few directions, two are taken;
by how many directions each part has, the ratio is Fisher's F [2]_.

References
----------
.. [1] A. P. Dempster. A high dimensional two sample significance test. Ann. Math. Stat. 29 (1958), 995-1010.
   With Z. Bai and H. Saranadasa's estimate of tr(S^2), Statistica Sinica 6 (1996), 311-329.
.. [2] G. E. P. Box. Some theorems on quadratic forms applied in the study of analysis of variance problems.
   Ann. Math. Stat. 25 (1954), 290-302.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import f as fisher

from analytics.drift.contents import Contents, Contrast, contrast, matched_contents, whitening_within
from analytics.drift.difference import DAYS_MIN
from analytics.drift.sketch_reference import CONTENT_MARGIN, SIZE
from analytics.drift.stretches import Variance, by_stretches, days, parts

# bench/drift: chosen on seed 1 (docs/drift.md)
_WANDER_DIRECTIONS = 2
_STANDARD_ERRORS = 1.0
# Stretches of a window that stand for its hours: what they cost is bounded.
_FINEST = 48


class MovedContent(NamedTuple):
    """By how much the mean text moved, in standard deviations of one text, and how likely by chance."""

    p: float
    distance: float


class Spread(NamedTuple):
    """Variances of the difference, by stretches of about an hour, a day, a quarter and a half of a window."""

    hours: Variance
    days: Variance
    quarters: Variance
    halves: Variance


def moved_content(first: Contents, second: Contents) -> MovedContent:
    """Return by how much texts of the second window differ, at the hours of the day that both have."""
    whitening = whitening_within(first, second)
    found = contrast(*matched_contents(first, second), whitening)
    return judged_content(float(found.size @ found.size), spread(found))


def spread(found: Contrast) -> Spread:
    """Return how far the windows would differ by chance."""
    hours, quarters, halves = (by_stretches(found, parts(found, many)) for many in (_FINEST, 4, 2))
    by_days = all(_days(found, after) >= DAYS_MIN for after in (False, True))
    return Spread(hours, by_stretches(found, days(found)) if by_days else hours, quarters, halves)


def judged_content(squared: float, of: Spread) -> MovedContent:
    """Return what a squared distance says."""
    halves = of.halves.total * max(1.0, of.halves.total / max(of.quarters.total, 1e-300))
    largest = max(halves, *(one.total for one in of))
    # chance alone makes halves differ by so much more or less
    unsure = np.sqrt(2 / (SIZE * of.halves.freedom))
    variance = largest + _STANDARD_ERRORS * unsure * of.halves.total
    sampling = of.hours.total / variance
    parts = (
        (sampling**2 / of.hours.directions, of.hours.freedom),
        ((1 - sampling) ** 2 / _WANDER_DIRECTIONS, of.halves.freedom),
    )
    directions = 1 / sum(part for part, _ in parts)
    freedom = 1 / sum(part / times for part, times in parts)
    beyond = max(squared - CONTENT_MARGIN**2, 0.0)
    p = float(fisher.sf(beyond / variance, directions, freedom))
    return MovedContent(p, float(np.sqrt(max(squared - of.hours.total, 0.0))))


def _days(found: Contrast, after: bool) -> int:  # noqa: FBT001
    return len(np.unique(found.hours[found.after == after] // 24))
