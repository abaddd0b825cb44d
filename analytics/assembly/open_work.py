"""Open spans as assembly sees them: when each was reported, and when anything beneath it moved. Pure."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.assembly.lineage import Flags, Rows

_COPIED = (
    "project", "trace_id", "span_id", "parent_span_id", "environment", "service", "service_instance",
    "agent_version", "name", "kind", "agent", "agent_id", "operation", "tool", "model", "start",
    "session", "handoff_to", "waiting_on", "wait_reason", "wait_resource", "wait_needed", "wait_timeout_s",
    "holds", "holds_capacity",
)  # fmt: skip


def open_work(steps: pa.Table, observations: pa.Table, parents: Rows) -> pa.Table:
    """Return rows of `open_spans` for the spans of `steps` that were ever reported open.

    Parameters
    ----------
    steps
        As `assemble` returns them, with `received`.
    observations
        As observations.sql answers: a row for each span that was ever reported open.
    parents : shape (n,)
        Row of each step's parent, n for none.
    """
    found = pc.index_in(_keys(observations), value_set=_keys(steps))
    # what arrived between the two reads has no step yet: the next pass sees it
    observations = observations.filter(pc.is_valid(found))
    seen = found.drop_null().to_numpy()
    is_open = np.zeros(len(steps), np.bool_)
    is_open[seen] = ~np.asarray(observations["ended"]).astype(np.bool_)
    moved = steps["received"].cast(pa.int64()).to_numpy().copy()
    moved[seen[is_open[seen]]] = observations["progressed"].cast(pa.int64()).to_numpy()[is_open[seen]]
    columns = {name: steps[name].take(pa.array(seen)) for name in _COPIED}
    columns |= {name: observations[name] for name in ("observed", "first_seen", "heartbeats", "ended")}
    columns["last_progress"] = pa.array(newest_beneath(parents, moved)[seen], pa.timestamp("ns", "UTC"))
    columns["open_descendants"] = pa.array(open_beneath(parents, is_open)[seen].astype(np.uint32))
    return pa.table(columns)


def newest_beneath(parents: Rows, moved: NDArray[np.int64]) -> NDArray[np.int64]:
    """Newest of a span's own time and its descendants'.

    Examples
    --------
    >>> newest_beneath(np.array([3, 0, 1]), np.array([5, 9, 7])).tolist()
    [9, 9, 7]
    """
    answer = np.append(moved, 0)
    for rows in _generations(parents):
        np.maximum.at(answer, parents[rows], answer[rows])
    return answer[:-1]


def open_beneath(parents: Rows, is_open: Flags) -> NDArray[np.int64]:
    """How many descendants of a span are open, itself not counted.

    Examples
    --------
    >>> open_beneath(np.array([3, 0, 1]), np.array([True, False, True])).tolist()
    [1, 1, 0]
    """
    total = np.append(is_open.astype(np.int64), 0)
    for rows in _generations(parents):
        np.add.at(total, parents[rows], total[rows])
    return total[:-1] - is_open


def _generations(parents: Rows) -> list[Rows]:
    """Rows with a parent, the deepest generation first; a circle of parents is left out."""
    none = len(parents)
    children = np.bincount(parents, minlength=none + 1)
    generations: list[Rows] = []
    current = np.flatnonzero(children[:none] == 0)
    while current.size:
        current = current[parents[current] != none]
        generations.append(current)
        np.subtract.at(children, parents[current], 1)
        candidates = np.unique(parents[current])
        current = candidates[children[candidates] == 0]
    return generations


def _keys(table: pa.Table) -> pa.Array:
    """Trace id, span id and project as one value: ids may stand in several projects."""
    ids = (table[name].cast(pa.binary()) for name in ("trace_id", "span_id", "project"))
    return pc.binary_join_element_wise(*ids, pa.scalar(b"", pa.binary())).combine_chunks()
