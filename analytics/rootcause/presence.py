"""What traces have: agents, tools, models, versions, calls from one to another, failing calls. Pure."""

from collections.abc import Iterator

import numpy as np

from analytics.rootcause.calls import Calls
from analytics.rootcause.mark import Mark, commonest, over_of, traces_of

# The column of each, and whether it speaks against who shows it.
_COLUMNS = {
    "agent": ("who", False),
    "tool": ("tool", False),
    "model": ("model", False),
    "version": ("agent_version", True),
    "failing call": ("failing_call", True),
}


def presence(calls: Calls) -> Iterator[Mark]:
    """Yield what traces have."""
    every = np.ones(len(calls.failed), np.bool_)
    for sort, (column, is_against) in _COLUMNS.items():
        words = calls.column(column)
        for code, rows in commonest(words.codes, calls.trace, calls.failed):
            if words.texts[code]:
                charged = calls.who.texts[calls.who.codes[rows[0]]] if is_against else ""
                over = over_of(rows, calls) if sort == "failing call" else None
                yield Mark(sort, words.texts[code], traces_of(rows, calls), every, charged, over_ns=over)
    yield from _edges(calls)


def _edges(calls: Calls) -> Iterator[Mark]:
    every, who = np.ones(len(calls.failed), np.bool_), calls.who
    rows = np.flatnonzero(calls.parents != len(calls))
    rows = rows[who.codes[rows] != who.codes[calls.parents[rows]]]
    between = who.codes[calls.parents[rows]] * len(who.texts) + who.codes[rows]
    for code, places in commonest(between, calls.trace[rows], calls.failed):
        caller, callee = (who.texts[one] for one in divmod(code, len(who.texts)))
        if caller and callee:
            yield Mark("calls", f"{caller} → {callee}", traces_of(rows[places], calls), every)
