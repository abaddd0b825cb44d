"""Calls: the spans of the traces that are compared, as arrays. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analytics.assembly.lineage import Flags, Rows, parent_rows

# What such a span does by itself is its own work, whomever it asks meanwhile.
_WORKS = frozenset({"agent", "llm", "workflow"})


@dataclass(frozen=True, slots=True)
class Words:
    """A column of texts: a number for each row, and what the numbers stand for."""

    codes: Rows
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Calls:
    """Spans of whole traces, by trace and start. A row number n, one past the last, stands for none.

    Parameters
    ----------
    failed : shape (traces,)
        Which traces failed.
    trace : shape (n,)
        The number of the trace that each span belongs to.
    parents : shape (n,)
        Row of the span that called it.
    who, what
        The agent or service, and what it did.
    key
        Both together: one kind of call.
    callees : shape (n,)
        Row of what runs at the other end, for a span that is nothing but a call of another agent or service.
    own_s : shape (n,)
        Seconds that nothing it called covers.
    """

    failed: Flags
    trace: Rows
    parents: Rows
    who: Words
    what: Words
    key: Words
    callees: Rows
    own_s: NDArray[np.float64]
    end_ns: Rows
    table: pa.Table

    def __len__(self) -> int:
        return len(self.trace)

    def column(self, name: str) -> Words:
        """A column of the statement."""
        return words_of(self.table, name)


def calls_in(table: pa.Table, failed: Flags) -> Calls:
    """Return the spans with their descent.

    Parameters
    ----------
    table
        As spans_of.sql answers.
    """
    trace, start, end = (table[name].to_numpy().astype(np.int64) for name in ("trace", "start_ns", "end_ns"))
    parents = parent_rows(trace, table["span"].to_numpy(), table["parent"].to_numpy())
    who, what = words_of(table, "who"), words_of(table, "what")
    works = np.isin(table["kind"].to_numpy(), list(_WORKS))
    return Calls(
        failed, trace, parents, who, what, _both(who, what), _callees(parents, who.codes, works),
        own_seconds(parents, start, end), end, table,
    )  # fmt: skip


def own_seconds(parents: Rows, start: Rows, end: Rows) -> NDArray[np.float64]:
    """Return how long each span lasted while none of its children did; rows are sorted by start.

    Examples
    --------
    A second that two calls cover from 200 to 600 and from 500 to 700 ms.

    >>> start, end = np.array([0, 200, 500]) * 1_000_000, np.array([1000, 600, 700]) * 1_000_000
    >>> own_seconds(np.array([3, 0, 0]), start, end).tolist()
    [0.5, 0.4, 0.2]
    """
    none = len(parents)
    rows = np.flatnonzero(parents != none)
    rows = rows[np.argsort(parents[rows], kind="stable")]
    of = parents[rows]
    begins, ends = np.maximum(start[rows], start[of]), np.minimum(end[rows], end[of])
    begins = np.maximum(begins, _latest_before(of, ends))
    covered = np.bincount(of, weights=np.maximum(ends - begins, 0), minlength=none)
    return np.asarray(np.maximum(end - start - covered, 0) / 1e9)


def _latest_before(group: Rows, ends: Rows) -> Rows:
    """Return the latest end among those before each row in its group; groups stand together, and ascend."""
    if not len(ends):
        return ends
    ordered = np.sort(ends)
    # ranks instead of nanoseconds: a group's number times their range would not fit into 64 bits
    keys = group * len(ends) + np.searchsorted(ordered, ends)
    latest = ordered[np.maximum.accumulate(keys) % len(ends)]
    is_first = np.append(True, group[1:] != group[:-1])
    return np.where(is_first, np.iinfo(np.int64).min, np.append(0, latest[:-1]))


def _callees(parents: Rows, who: Rows, works: Flags) -> Rows:
    """Return the only child of each span that is another's, where the span itself is no work."""
    none = len(parents)
    children = np.bincount(parents, minlength=none + 1)[:none]
    callees = np.full(none, none, np.int64)
    rows = np.flatnonzero(parents != none)
    of = parents[rows]
    called = rows[(children[of] == 1) & ~works[of] & (who[rows] != who[of])]
    callees[parents[called]] = called
    return callees


def words_of(table: pa.Table, name: str) -> Words:
    """Return a column of texts."""
    encoded = table[name].combine_chunks().dictionary_encode()
    return Words(encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist())


def _both(who: Words, what: Words) -> Words:
    together, codes = np.unique(who.codes * len(what.texts) + what.codes, return_inverse=True)
    pairs = [divmod(int(one), len(what.texts)) for one in together]
    return Words(codes.astype(np.int64), [f"{who.texts[a]} {what.texts[b]}" for a, b in pairs])
