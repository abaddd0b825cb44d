"""Durations: how often each kind of work took how long, for as many spans as one asks. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.survival import Survival, survival
from analytics.baselines.work import Work

Row = Mapping[str, Any]

_NOTHING = np.zeros(0, dtype=np.int64)
EMPTY = survival(_NOTHING, _NOTHING, _NOTHING)


class Durations:
    """Binned durations of everything that ended, and ages of what is open, by work.

    Parameters
    ----------
    ended
        Rows of `baseline.sql`; a work may stand in several.
    still_open
        Rows of `open_ages.sql`.
    """

    def __init__(self, ended: Iterable[Row] = (), still_open: Iterable[Row] = ()) -> None:
        self._ended: dict[Hashable, list[Row]] = defaultdict(list)
        self._open: dict[Hashable, list[Row]] = defaultdict(list)
        for pools, rows in ((self._ended, ended), (self._open, still_open)):
            for row in rows:
                for pool in _pools(Work(*(row[field] for field in Work._fields))):
                    pools[pool].append(row)

    def curve(self, pool: Hashable) -> Survival:
        """Return the curve of a pool: a work, or what `any_version`, `same_tool`, `same_kind` name.

        The oldest open span of a pool is left out of it. It is the one most likely to be
        judged by the curve, and a lone hanging span must not raise the limit that should find it.
        """
        ended, still_open = self._ended.get(pool, []), self._open.get(pool, [])
        if not ended:
            return EMPTY
        open_bins, open_n = _column(still_open, "bins"), _column(still_open, "censored")
        if len(open_bins):
            open_n[np.argmax(open_bins)] -= 1
        return survival(
            np.concatenate([_column(ended, "bins"), open_bins]),
            np.concatenate([_column(ended, "ended"), np.zeros_like(open_n)]),
            np.concatenate([_column(ended, "censored"), open_n]),
        )


def any_version(work: Work) -> Hashable:
    """Return the pool of the same work at every version."""
    return ("agent", *work[:-1])


def same_tool(work: Work) -> Hashable:
    """Return the pool of the same operation and tool of any agent."""
    return ("tool", work.project, work.kind, work.operation, work.tool)


def same_kind(work: Work) -> Hashable:
    """Return the pool of everything of the kind."""
    return ("kind", work.project, work.kind)


def _pools(work: Work) -> Sequence[Hashable]:
    return work, any_version(work), same_tool(work), same_kind(work)


def _column(rows: Sequence[Row], name: str) -> NDArray[np.int64]:
    return np.fromiter(chain.from_iterable(row[name] for row in rows), dtype=np.int64)
