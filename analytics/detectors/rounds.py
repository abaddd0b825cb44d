"""Rounds: how often traces go round a circle of calls, and whether something stops them. Pure."""

import math
from collections.abc import Mapping

# A bound is believed when traces without one would look like this in five of a hundred cases at most.
LEVEL = 0.05
# Of n traces that went round once 3 / n may go on (rule of three): 60 exclude one in 20.
ONCE_MORE_SHARE = 0.05


def bound(traces_of: Mapping[int, int]) -> int | None:
    """Return the number of rounds at which something stops the traces; None while that cannot be told.

    So many traces reached the most rounds seen, and none went on. Had each gone on with the
    probability p with which traces went on before (Laplace's estimate), all of them would have
    stopped here by chance with probability (1 - p)^n. A debate of three rounds at most heaps at
    three; what stops when it happens to be done has a tail.

    Parameters
    ----------
    traces_of
        By the number of rounds: traces that made exactly so many.

    Examples
    --------
    >>> bound({3: 20})
    3
    >>> bound({1: 50, 2: 25, 3: 12, 4: 6, 5: 3, 6: 1}) is None
    True
    """
    most = max(traces_of)
    at_most, went_on = traces_of[most], repeats(traces_of)
    stopped = sum(traces for rounds, traces in traces_of.items() if rounds < most)
    goes_on = went_on / (went_on + stopped + 1) if went_on else ONCE_MORE_SHARE
    return most if at_most * math.log1p(-goes_on) < math.log(LEVEL) else None


def repeats(traces_of: Mapping[int, int]) -> int:
    """Return how often traces went round once more: each but the first time.

    Examples
    --------
    >>> repeats({1: 7, 3: 2})
    4
    """
    return sum((rounds - 1) * traces for rounds, traces in traces_of.items())


def median(traces_of: Mapping[int, int]) -> int:
    """Return the rounds that half of the traces do not exceed.

    Examples
    --------
    >>> median({1: 2, 4: 1})
    1
    """
    half, so_far = sum(traces_of.values()) / 2, 0
    for rounds in sorted(traces_of):
        so_far += traces_of[rounds]
        if so_far >= half:
            return rounds
    return 0
