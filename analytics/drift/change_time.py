"""When a change began, with an interval, from the evidence of the bet that won. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from analytics.drift.evidence import log_e
from analytics.drift.reference import Reference

Floats = NDArray[np.float64]

_LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Bet:
    """A bet: which score, 0 for up and 1 for down, which size."""

    score: int
    direction: int
    size: int


@dataclass(frozen=True, slots=True)
class ChangeTime:
    """Buckets at which a change began: the likeliest, first and last of those that hold 90 %."""

    bucket: int
    first: int
    last: int


def explained(
    reference: Reference, series: int, hours: Floats, sums: Floats, n: Floats, state: Floats
) -> tuple[str, int, ChangeTime]:
    """Return what moved in a series that alarmed: the score's name, 1 for up or -1 for down, and since when.

    Parameters
    ----------
    hours, sums, n
        Recent buckets as for `evidence.log_e`, of every series of the reference, oldest first.
    state
        Of every series, after the last of the buckets.

    Returns
    -------
    Name, direction, and the change's time in places of `hours`.
    """
    bet = winner(state[series])
    paid = log_e(reference, hours, sums, n, capped=False)[:, series, bet.score, bet.direction, bet.size]
    name = reference.scores[series].names[bet.score]
    return name, 1 - 2 * bet.direction, change_time(paid)


def winner(state: Floats) -> Bet:
    """Return the bet that holds most of a series' evidence.

    Parameters
    ----------
    state : shape (scores, 2, sizes)
    """
    return Bet(*(int(place) for place in np.unravel_index(int(np.argmax(state)), state.shape)))


def change_time(evidence: Floats) -> ChangeTime:
    """Return when the winning bet began to pay.

    The start that leaves most evidence behind it. The interval holds 90 % of the posterior of the
    start, were all equally likely before: evidence after a start is its likelihood ratio, tempered
    by the noise, so the interval widens with it.

    Parameters
    ----------
    evidence : shape (buckets,)
        Uncapped log e-values of one bet, oldest first; capped ones call the start too early.

    Examples
    --------
    >>> change_time(np.array([-1.0, -2.0, 3.0, 2.0, 4.0]))
    ChangeTime(bucket=2, first=1, last=2)
    """
    since = np.cumsum(evidence[::-1])[::-1]
    weight = np.cumsum(np.exp(since - logsumexp(since)))
    tail = (1 - _LEVEL) / 2
    best = int(np.argmax(since))
    first, last = (int(np.searchsorted(weight, level)) for level in (tail, 1 - tail))
    return ChangeTime(best, min(first, best), max(min(last, len(since) - 1), best))
