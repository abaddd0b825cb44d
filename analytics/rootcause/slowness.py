"""What is slower than usual: calls by their own time, and what lies between a caller and its callee. Pure.

What a call spends itself is charged to who makes it. What a span that is nothing but a call of somebody else
lasts longer than what runs at the other end is charged to the other end: all the caller does is wait for it.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analytics.assembly.lineage import Flags, Rows
from analytics.rootcause.calls import Calls
from analytics.rootcause.mark import Mark, commonest

# Usual is what so many of a hundred passing traces keep below, as a conformal rank: it takes six of them.
USUAL = 0.85


def slowness(calls: Calls) -> Iterator[Mark]:
    """Yield calls and edges that some traces show slower than usual."""
    is_call = calls.callees != len(calls)
    yield from _slow_calls(calls, np.flatnonzero(~is_call))
    yield from _slow_edges(calls, np.flatnonzero(is_call))


def _slow_calls(calls: Calls, rows: Rows) -> Iterator[Mark]:
    for _, places in commonest(calls.key.codes[rows], calls.trace[rows], calls.failed):
        own = rows[places]
        who, what = calls.who.texts[calls.who.codes[own[0]]], calls.what.texts[calls.what.codes[own[0]]]
        if (found := _slower(calls, own)) is not None:
            yield Mark("slow call", f"{who}: {what}", *found, charged=who)


def _slow_edges(calls: Calls, rows: Rows) -> Iterator[Mark]:
    who = calls.who
    between = who.codes[rows] * len(who.texts) + who.codes[calls.callees[rows]]
    for code, places in commonest(between, calls.trace[rows], calls.failed):
        caller, callee = (who.texts[one] for one in divmod(code, len(who.texts)))
        if (found := _slower(calls, rows[places])) is not None:
            yield Mark("slow edge", f"{caller} → {callee}", *found, charged=callee, caller=caller)


def _slower(calls: Calls, rows: Rows) -> tuple[Flags, Flags] | None:
    """Return the traces whose slowest of these is slower than usual, and those that have any."""
    slowest = np.full(len(calls.failed), -1.0)
    np.maximum.at(slowest, calls.trace[rows], calls.own_s[rows])
    could = slowest >= 0
    limit = usual(slowest[could & ~calls.failed])
    return None if limit is None else (slowest > limit, could)


def usual(seconds: NDArray[np.float64]) -> float | None:
    """Return what is usual of as many traces; None of too few.

    Examples
    --------
    >>> usual(np.arange(1.0, 7.0)), usual(np.arange(1.0, 6.0))
    (6.0, None)
    """
    rank = int(np.ceil(USUAL * (len(seconds) + 1)))
    return float(np.partition(seconds, rank - 1)[rank - 1]) if rank <= len(seconds) else None
