"""Calls of two times in strata, and how far what is summed of strata may be off. Pure.

Before has the hours of the day and the week that it is compared with: a window of a night is not compared
with days. Draws are of traces, for calls of one trace are alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analytics.drift.effect import at_hours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Of a key so many strata stand alone, with so many calls each in one of the times; the rest is one.
STRATA_MAX, CALLS_MIN = 50, 5
_DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """Calls of one time, in rows of those that are of one trace, hour and stratum.

    Parameters
    ----------
    traces : shape (rows,)
        Any numbers.
    hours : shape (rows,)
        Since the epoch.
    n, totals : shape (rows,)
        How many calls, and the sum of what is measured of them.
    strata
        By key the name of each row's stratum, shape (rows,).
    """

    traces: Ints
    hours: Floats
    n: Floats
    totals: Floats
    strata: Mapping[str, NDArray[np.object_]]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.n)

    def of(self, rows: NDArray[np.bool_]) -> "Calls":
        """Return some of the rows."""
        parts = self.traces[rows], self.hours[rows], self.n[rows], self.totals[rows]
        return Calls(*parts, {by: names[rows] for by, names in self.strata.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Calls of one time at the hours of both, and how often each trace is drawn.

    Parameters
    ----------
    weights : shape (rows,)
    trace : shape (rows,)
        Place of each row's trace.
    drawn : shape (1 + draws, traces)
        At first each once.
    """

    calls: Calls
    weights: Floats
    trace: Ints
    drawn: Floats

    @property
    def traces(self) -> int:
        """How many there are."""
        return int(self.drawn.shape[1])

    def sums(self, stratum: Ints, strata: int) -> tuple[Floats, Floats]:
        """Return weighted calls of strata, and sums of what is measured; shape (1 + draws, strata) each."""
        n, totals = (
            np.asarray(
                self.drawn @ csr_array((self.weights * values, (self.trace, stratum)), (self.traces, strata))
            )
            for values in (self.calls.n, self.calls.totals)
        )
        return n, totals


Both = tuple[Side, Side]


def alike_hours(before: Calls, after: Calls) -> tuple[Floats, Floats]:
    """Return weights by which both have the hours that both have, and the former the latter's calls in each.

    Where no hour of the day is common to both, all of either is compared, as `at_hours` has it.
    """
    usual = at_hours(before.n, before.hours, after.n, after.hours)
    return usual, at_hours(after.n, after.hours, usual * before.n, before.hours)


def drawn(before: Calls, after: Calls) -> Both:
    """Return both at hours that are alike, with draws of their traces."""
    rng = np.random.default_rng(0)
    usual, since = alike_hours(before, after)
    return _drawn(rng, before, usual), _drawn(rng, after, since)


def _drawn(rng: np.random.Generator, calls: Calls, weights: Floats) -> Side:
    some = weights > 0
    every, trace = np.unique(calls.traces[some], return_inverse=True)
    draws = rng.multinomial(len(every), np.full(len(every), 1 / len(every)), size=_DRAWS)
    return Side(calls.of(some), weights[some], trace, np.vstack([np.ones(len(every)), draws]))


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Which strata there are of a key, and of which one each row is.

    Parameters
    ----------
    names
        Of those that stand alone; what is left of all is one more, the last.
    of_rows
        Of before and since, shape (rows,) each.
    calls : shape (2, strata)
        That were seen before and since.
    """

    names: list[str]
    of_rows: tuple[Ints, Ints]
    calls: Floats


def strata(both: Both, labels: Sequence[NDArray[np.object_] | Ints]) -> Strata:
    """Return the strata that rows with the same label are.

    Those with the largest share in either time stand alone: what is new has none before.

    Parameters
    ----------
    labels
        Of the rows of before and since.
    """
    names, every = np.unique(np.concatenate(labels), return_inverse=True)
    place = np.split(every, [len(labels[0])])
    pairs = list(zip(both, place, strict=True))
    calls = np.stack([np.bincount(of, side.calls.n, len(names)) for side, of in pairs])
    weighted = np.stack([np.bincount(of, side.weights * side.calls.n, len(names)) for side, of in pairs])
    share = (weighted / weighted.sum(1, keepdims=True)).max(0)
    most = np.argsort(-share, kind="stable")[:STRATA_MAX]
    alone = most[calls.max(0)[most] >= CALLS_MIN]
    column = np.full(len(names), len(alone))
    column[alone] = np.arange(len(alone))
    left = calls.sum(1) - calls[:, alone].sum(1)
    return Strata(
        [str(name) for name in names[alone]],
        (column[place[0]], column[place[1]]),
        np.column_stack([calls[:, alone], left]),
    )


def shares_and_means(both: Both, of: Strata) -> tuple[Floats, Floats]:
    """Return each stratum's share of calls and its mean, as they are and then drawn.

    Returns
    -------
    shares, means : shape (2, 1 + draws, strata)
        As `kitagawa` takes them.
    """
    summed = [side.sums(rows, len(of.names) + 1) for side, rows in zip(both, of.of_rows, strict=True)]
    n, totals = (np.stack(part) for part in zip(*summed, strict=True))
    return n / n.sum(-1, keepdims=True), np.divide(totals, n, out=np.zeros_like(n), where=n > 0)
