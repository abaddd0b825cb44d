"""Mark: something that traces show, and which of them do. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.assembly.lineage import Flags, Rows
from analytics.rootcause.calls import Calls

# Of each sort, those that most failing traces show: what this costs does not grow with the rest.
MARKS_MAX = 500


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Something that traces show.

    Parameters
    ----------
    sort, name
        What it is, as people call it.
    shown : shape (traces,)
        Traces that show it.
    could : shape (traces,)
        Traces in which it could be seen: they make the call that may be slow. All where it is there or not.
    over_ns : shape (traces,)
        When it was over, for what has a place in the order of calls; None for what has none.
    charged
        The agent or service that it speaks against; '' if it says who took part, not who did wrong.
    caller
        Who waited for that one.
    """

    sort: str
    name: str
    shown: Flags
    could: Flags
    charged: str = ""
    caller: str = ""
    over_ns: NDArray[np.int64] | None = None

    @property
    def is_missing(self) -> bool:
        """That something is not there."""
        return self.sort == "missing call"


def commonest(codes: Rows, trace: Rows, failed: Flags) -> Iterator[tuple[int, Rows]]:
    """Yield the codes that most failing traces have, each with its rows."""
    order = np.argsort(codes, kind="stable")
    distinct, first = np.unique(codes[order], return_index=True)
    ends = np.append(first[1:], len(codes))
    failing = failed[trace]
    once = np.unique(codes[failing] * len(failed) + trace[failing]) // len(failed)
    traces = np.bincount(np.searchsorted(distinct, once), minlength=len(distinct))
    for at in np.argsort(-traces, kind="stable")[:MARKS_MAX]:
        yield int(distinct[at]), order[first[at] : ends[at]]


def traces_of(rows: Rows, calls: Calls) -> Flags:
    """Return the traces that rows belong to."""
    shown = np.zeros(len(calls.failed), np.bool_)
    shown[calls.trace[rows]] = True
    return shown


def over_of(rows: Rows, calls: Calls) -> NDArray[np.int64]:
    """Return when the first of the rows was over, in each trace."""
    over = np.full(len(calls.failed), np.iinfo(np.int64).max)
    np.minimum.at(over, calls.trace[rows], calls.end_ns[rows])
    return over
