"""Whether two windows differ by more than their noise. Pure.

Spans of a trace, and hours of a day, are alike, so a test that takes spans for independent (Kolmogorov and
Smirnov's, chi-square) finds a difference nearly always. Here each Neyman score of the pooled windows is an
hourly mean, and the difference between the windows a coefficient of a weighted regression on the hours of
the day, the weekend and the window. Its standard error is that of the noise of `noise`: over-dispersion,
and a level that wanders as an AR(1) series does. From three days on it is also that of days as clusters
[1]_, and the larger p-value counts. The scores' p-values are combined by weighted Bonferroni, which holds
however they depend on each other.

References
----------
.. [1] A. C. Cameron, D. L. Miller. A practitioner's guide to cluster-robust inference. J. Human Resources
   50 (2015), 317-372. The two windows' days are compared as B. L. Welch does, Biometrika 34 (1947), 28-35.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from analytics.drift.difference import Difference, Windows, difference
from analytics.drift.evidence import MARGIN
from analytics.drift.matched import Matched
from analytics.drift.scores import Scores

Floats = NDArray[np.float64]

# Cochran's rule of the chi-square test: how many of a share are expected in either window, at least.
_EXPECTED_MIN = 5
_SMOOTH_WEIGHT = np.array([3.0, 2.0, 1.0])


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs most between two windows: a score, whether it rose, and the p-value of all of them."""

    name: str
    is_up: bool
    p: float


def moved(matched: Matched) -> Moved | None:
    """Return what moved, None where nothing is there to be compared: one value in both windows."""
    scores = matched.scores()
    windows = _windows(matched, scores)
    spread = np.sqrt(scores.share @ scores.values**2)
    found = difference(windows, spread)
    weight = _weights(scores, windows, found)
    if not weight.any():
        return None
    p = _p_values(found, scores, spread)
    with np.errstate(divide="ignore"):
        combined = np.where(weight > 0, p * weight.sum() / weight, np.inf)
    best = int(np.argmin(combined))
    return Moved(scores.names[best], bool(found.size[best] > 0), float(min(combined[best], 1)))


def _windows(matched: Matched, scores: Scores) -> Windows:
    counts = np.concatenate([matched.first.counts, matched.second.counts])
    hours = np.concatenate([matched.first.hours, matched.second.hours])
    after = np.arange(len(hours)) >= len(matched.first.hours)
    return Windows(hours, after, scores.sums(matched.items, counts), counts.sum(1))


def _p_values(found: Difference, scores: Scores, spread: Floats) -> Floats:
    beyond = np.maximum(np.abs(found.size) - _conceded(scores, spread), 0)
    p = np.asarray(2 * student.sf(beyond / np.maximum(found.error, 1e-300), found.freedom))
    return np.asarray(p.max(0))


def _conceded(scores: Scores, spread: Floats) -> Floats:
    """Return the margin in which windows count as alike, as `evidence` has it."""
    odds = MARGIN.odds * spread**2
    odds[: scores.smooth] = np.inf
    return np.minimum(MARGIN.smallest * spread, odds)


def _weights(scores: Scores, windows: Windows, found: Difference) -> Floats:
    """Return the weight of each score, 0 for a share that is too rare to be compared."""
    weight = np.ones(len(scores.names))
    weight[: scores.smooth] = _SMOOTH_WEIGHT[: scores.smooth]
    share = -scores.values.min(0)
    fewer = min(windows.n[windows.after == after].sum() for after in (False, True))
    expected = np.minimum(share, 1 - share) * fewer / found.dispersion
    rare = (np.arange(len(weight)) >= scores.smooth) & (expected < _EXPECTED_MIN)
    if not scores.smooth:
        weight[-1] = 0  # what the pooled windows have never seen
    return np.where(rare, 0.0, weight)
