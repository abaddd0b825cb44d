"""Ancestors of many spans at once: pointer jumping over arrays, O(n log depth), no Python per span.

A forest is an array `parents` of row numbers; the row number n (one past the last) stands for
"none". Hostile parents that form a circle end after a bounded number of jumps, at none.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

# 2^20 generations are more than a trace has spans.
_JUMPS_MAX = 20


def parent_rows(owner: Rows, span_ids: NDArray[np.uint64], parent_ids: NDArray[np.uint64]) -> Rows:
    """Row of each span's parent, n where it is none or unknown.

    Parameters
    ----------
    owner : shape (n,)
        Number of the trace that each row belongs to; equal span ids in other traces are others.
    span_ids, parent_ids : shape (n,)
        Ids as numbers; parent 0 is none.

    Examples
    --------
    >>> ids = np.array([7, 8, 9], np.uint64)
    >>> parent_rows(np.zeros(3, np.int64), ids, np.array([0, 7, 99], np.uint64)).tolist()
    [3, 0, 3]
    """
    keys, wanted = _keys(owner, span_ids), _keys(owner, parent_ids)
    found: Rows = pc.index_in(wanted, value_set=keys).fill_null(len(owner)).to_numpy().astype(np.int64)
    found[parent_ids == 0] = len(owner)
    found[found == np.arange(len(owner))] = len(owner)
    return found


def nearest(parents: Rows, flagged: Flags) -> Rows:
    """Row of the nearest span that is flagged, counting the span itself; n where there is none.

    Examples
    --------
    A chain 0 <- 1 <- 2 whose first is flagged, and a stranger.

    >>> nearest(np.array([4, 0, 1, 4]), np.array([True, False, False, False])).tolist()
    [0, 0, 0, 4]
    """
    none = len(parents)
    flagged = np.append(flagged, False)
    target = np.append(np.where(flagged[:-1], np.arange(none), parents), none)
    for _ in range(_JUMPS_MAX):
        further = target[target]
        if np.array_equal(further, target):
            break
        target = further
    return np.where(flagged[target[:-1]], target[:-1], none)


def above(parents: Rows, rows: Rows) -> Rows:
    """What `nearest` found, seen from each span's parent: proper ancestors only."""
    return np.append(rows, len(parents))[parents]


def depths(parents: Rows) -> NDArray[np.int64]:
    """Generations above each span; a span in a circle of parents has the bound.

    Examples
    --------
    >>> depths(np.array([3, 0, 1])).tolist()
    [0, 1, 2]
    """
    none = len(parents)
    target = np.append(parents, none)
    steps = np.append((parents != none).astype(np.int64), 0)
    for _ in range(_JUMPS_MAX):
        if (target == none).all():
            break
        steps = steps + steps[target]
        target = target[target]
    return np.asarray(np.minimum(steps[:-1], none), np.int64)


def first_of_group(group: Rows, flagged: Flags, *order: NDArray[np.generic]) -> Rows:
    """For each row the first flagged row of its group in the order given; n where none is.

    Examples
    --------
    >>> first_of_group(np.array([0, 0, 1]), np.array([True, True, False]), np.array([2, 1, 0])).tolist()
    [1, 1, 3]
    """
    rows = np.flatnonzero(flagged)
    ranked = rows[np.lexsort((*(key[rows] for key in reversed(order)), group[rows]))]
    groups, first = np.unique(group[ranked], return_index=True)
    answer = np.full(int(group.max(initial=-1)) + 1, len(group), np.int64)
    answer[groups] = ranked[first]
    return answer[group]


def _keys(owner: Rows, ids: NDArray[np.uint64]) -> pa.Array:
    """Trace number and span id as one value of 16 bytes."""
    pairs = np.stack([owner.astype(np.uint64), ids], axis=1)
    buffers = [None, pa.py_buffer(np.ascontiguousarray(pairs).tobytes())]
    return pa.Array.from_buffers(pa.binary(16), len(ids), buffers)
