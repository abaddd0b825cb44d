"""How long work takes, learned from what ended and from what is still open. Pure.

Finished spans alone are a biased sample: in a window of a minute only the quick ones have
finished. Open spans, and those that were cut off, are therefore right-censored observations of
a Kaplan-Meier curve [1]_. What never ends leaves the curve on a plateau below one; quantiles
are those of what ends at all, and the rest is reported as the loss rate.

Durations are counted in bins a factor of 1.05 apart, so a quantile is at most 5 % too high
and never too low.

References
----------
.. [1] E. L. Kaplan, P. Meier. Nonparametric estimation from incomplete observations.
   J. Am. Stat. Assoc. 53 (1958), 457-481.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_RATIO = 1.05
DURATION_S_MIN = 0.001
# More than one in twenty that seems never to end is more likely a slow sort of work of which no
# end was seen yet (a few per cent are lost in practice; `reference/detectors.md` 0.6 takes two).
LOSS_RATIO_MAX = 0.05
# Default error rate of a threshold: a new span of the same kind exceeds it once in a hundred times.
ALPHA = 0.01


def bin_of(duration_s: float) -> int:
    """Return the bin of a duration; what is shorter than a millisecond counts as one."""
    return math.floor(math.log(max(duration_s, DURATION_S_MIN)) / math.log(BIN_RATIO))


def upper_s(bin_number: int) -> float:
    """Return the upper edge of a bin, in seconds.

    Examples
    --------
    >>> upper_s(bin_of(2.0)) / 2.0 < 1.05
    True
    """
    return float(BIN_RATIO ** (bin_number + 1))


def conformal_level(n: int, alpha: float) -> float | None:
    """Return the quantile of n values that the next one exceeds with probability alpha at most.

    The split-conformal rank ceil((n + 1)(1 - alpha)) as a share of n; None while n is too
    small for any rank to keep that promise. It holds for every distribution [1]_.

    Examples
    --------
    At one per cent, 99 values are the fewest, and their largest is the threshold.

    >>> conformal_level(99, alpha=0.01)
    1.0
    >>> conformal_level(98, alpha=0.01) is None
    True

    References
    ----------
    .. [1] V. Vovk, A. Gammerman, G. Shafer. Algorithmic Learning in a Random World. 2005.
    """
    rank = math.ceil(round((n + 1) * (1 - alpha), 9))
    return rank / n if 0 < rank <= n else None


@dataclass(frozen=True, slots=True)
class Survival:
    """A curve of how much has ended by when.

    Parameters
    ----------
    bins
        Bins in which something ended, ascending.
    ended_share : shape as `bins`
        Share that has ended by the upper edge of each bin: of what ends at all where
        `loss_rate` is known, else of everything.
    ended, censored
        Observations of both kinds.
    loss_rate
        Share that never ends; None while it has not been watched for long enough to say.
    """

    bins: NDArray[np.int64]
    ended_share: NDArray[np.float64]
    ended: int
    censored: int
    loss_rate: float | None

    def quantile_s(self, level: float) -> float | None:
        """Return the duration that a share `level` stays within, None beyond what was seen."""
        index = int(np.searchsorted(self.ended_share, level - 1e-12))
        return upper_s(int(self.bins[index])) if index < len(self.bins) else None

    def threshold_s(self, alpha: float) -> float | None:
        """Return the duration that a new span exceeds with probability `alpha` at most."""
        level = conformal_level(self.ended, alpha)
        return None if level is None else self.quantile_s(level)

    def surprise(self, age_s: float) -> float:
        """Return -log10 of the share still open at this age, capped at what n can support."""
        cap = math.log10(self.ended + 1)
        index = int(np.searchsorted(self.bins, bin_of(age_s)))
        open_share = 1 - float(self.ended_share[index - 1]) if index else 1.0
        return min(cap, -math.log10(open_share)) if open_share > 0 else cap


def survival(bins: NDArray[np.int64], ended: NDArray[np.int64], censored: NDArray[np.int64]) -> Survival:
    """Return the Kaplan-Meier curve of binned durations.

    Within a bin what ended comes before what was censored, as is usual for ties. The curve
    is divided by its plateau only where the plateau is real (see `_settled`).

    Parameters
    ----------
    bins : shape (n,)
        Bin numbers, in any order, repeated or not.
    ended, censored : shape (n,)
        Spans of each bin that ended, and that were last seen open or were cut off.

    Examples
    --------
    Of four spans one was cut off while the others went on.

    >>> curve = survival(np.array([0, 10, 20]), np.array([1, 1, 1]), np.array([0, 1, 0]))
    >>> curve.ended_share.round(2).tolist(), curve.ended, curve.censored
    ([0.25, 0.5, 1.0], 3, 1)
    """
    every, place = np.unique(bins, return_inverse=True)
    ends = np.bincount(place, weights=ended, minlength=len(every)).astype(np.float64)
    cuts = np.bincount(place, weights=censored, minlength=len(every)).astype(np.float64)
    at_risk = np.cumsum((ends + cuts)[::-1])[::-1]
    some = ends > 0
    ending = every[some]
    still_open = np.cumprod(1 - ends[some] / at_risk[some]).astype(np.float64)
    plateau = float(still_open[-1]) if some.any() else 1.0
    settled = some.any() and _settled(plateau, _doublings(every, cuts, int(ending[-1])))
    share = (1 - still_open) / (1 - plateau) if settled else 1 - still_open
    return Survival(ending, share, int(ends.sum()), int(cuts.sum()), plateau if settled else None)


def _doublings(bins: NDArray[np.int64], cuts: NDArray[np.float64], last_bin: int) -> float:
    """Return how often a span doubled the longest duration that ended, and still did not end."""
    return float(np.sum(cuts * np.maximum(bins - last_bin, 0))) * math.log2(BIN_RATIO)


def _settled(plateau: float, doublings: float) -> bool:
    """Say whether what is open at the plateau never ends, or was only not watched for long enough.

    By the rule of three, `doublings` without an end bound the share that ends within the next
    doubling at 3 / doublings (95 %). What may still end must be less than `ALPHA` of what did:
    then it cannot move the threshold by more than the threshold promises anyway.
    """
    may_end = plateau * min(1.0, 3 / doublings if doublings else 1.0)
    return plateau <= LOSS_RATIO_MAX and may_end <= ALPHA * (1 - plateau)
