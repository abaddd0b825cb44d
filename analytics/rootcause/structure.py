"""What is not called any more, and after which call its caller gave up. Pure."""

from collections.abc import Iterator

import numpy as np

from analytics.assembly.lineage import Rows
from analytics.rootcause.calls import Calls
from analytics.rootcause.mark import Mark, commonest, over_of, traces_of

# What so large a share of passing traces calls is expected; a trace that fails lacks what would come after.
EXPECTED_MIN = 0.95


def structure(calls: Calls, expected_min: float) -> Iterator[Mark]:
    """Yield calls that some callers do not make, and those after which some make no more.

    Parameters
    ----------
    expected_min
        The share of passing traces that make a call, above which one without it lacks it.
    """
    rows = np.flatnonzero(calls.parents != len(calls))
    yield from _missing(calls, rows, expected_min)
    yield from _last(calls, rows)


def _missing(calls: Calls, rows: Rows, expected_min: float) -> Iterator[Mark]:
    """Charged to the caller, who did not call."""
    parents, keys = calls.parents[rows], len(calls.key.texts)
    kind = calls.key.codes[parents] * keys + calls.key.codes[rows]
    by_key = dict(commonest(calls.key.codes, calls.trace, calls.failed))
    for code, places in commonest(kind, calls.trace[rows], ~calls.failed):
        above, below = divmod(code, keys)
        if above not in by_key:
            continue
        own = by_key[above]
        without = np.setdiff1d(own, parents[places])
        could, shown = traces_of(own, calls), traces_of(without, calls)
        passing = could & ~calls.failed
        if shown.any() and (passing & ~shown).sum() >= expected_min * max(1, passing.sum()):
            who = calls.who.texts[calls.who.codes[own[0]]]
            name = f"{calls.key.texts[above]} → {calls.key.texts[below]}"
            yield Mark("missing call", name, shown, could, who, over_ns=over_of(without, calls))


def _last(calls: Calls, rows: Rows) -> Iterator[Mark]:
    """Charged to whom the last call was made."""
    parents = calls.parents[rows]
    # rows are sorted by start: of each caller's the last one stays
    last = np.full(len(calls), -1, np.int64)
    last[parents] = rows
    callers = np.flatnonzero(last >= 0)
    final = last[callers]
    keys = len(calls.key.texts)
    could = {code: traces_of(of, calls) for code, of in commonest(calls.key.codes, calls.trace, calls.failed)}
    kind = calls.key.codes[callers] * keys + calls.key.codes[final]
    end = calls.callees[final]
    answered = np.where(end == len(calls), final, end)
    for code, places in commonest(kind, calls.trace[callers], calls.failed):
        above, below = divmod(code, keys)
        charged = calls.who.texts[calls.who.codes[answered[places[0]]]]
        caller = calls.who.texts[calls.who.codes[callers[places[0]]]]
        if above in could and charged != caller:
            name = f"{calls.key.texts[below]}, by {calls.key.texts[above]}"
            shown = traces_of(callers[places], calls)
            yield Mark("last call", name, shown, could[above], charged, caller, over_of(final[places], calls))
