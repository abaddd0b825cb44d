"""What was recorded of traces before: contracts that were broken, and where errors began. Pure."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analytics.assembly.lineage import Rows
from analytics.rootcause.calls import Calls, words_of
from analytics.rootcause.mark import Mark, commonest, over_of, traces_of

SORTS = ("contract break", "error")


def recorded(table: pa.Table, calls: Calls) -> Iterator[Mark]:
    """Yield what was recorded of the spans below the roots, charged to who gave what was wrong.

    Parameters
    ----------
    table
        As recorded_of.sql answers.
    """
    if not len(table):
        return
    rows = _rows(table, calls)
    is_below = (rows >= 0) & (calls.table["parent"].to_numpy()[rows] != 0)
    every = np.ones(len(calls.failed), np.bool_)
    sorts, names = table["sort"].to_numpy(), words_of(table, "name")
    for sort in SORTS:
        places = np.flatnonzero(is_below & (sorts == sort))
        for code, some in commonest(names.codes[places], calls.trace[rows[places]], calls.failed):
            of = places[some]
            charged = _producer(int(rows[of[0]]), calls, by_caller=table["by_caller"][int(of[0])].as_py())
            over = over_of(rows[of], calls)
            yield Mark(sort, names.texts[code], traces_of(rows[of], calls), every, charged, over_ns=over)


def _rows(table: pa.Table, calls: Calls) -> Rows:
    """Return the row of each span among the calls, -1 without one."""
    spans = zip(calls.trace.tolist(), calls.table["span"].to_pylist(), strict=True)
    rows = {key: row for row, key in enumerate(spans)}
    wanted = zip(table["trace"].to_pylist(), table["span"].to_pylist(), strict=True)
    return np.array([rows.get(key, -1) for key in wanted], np.int64)


def _producer(row: int, calls: Calls, *, by_caller: bool) -> str:
    """Return who gave what was wrong: the caller, if that is known, or who did it."""
    parent = int(calls.parents[row])
    at = parent if by_caller and parent != len(calls) else row
    return str(calls.who.texts[calls.who.codes[at]])
