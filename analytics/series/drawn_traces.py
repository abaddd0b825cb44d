"""Drawn traces: a bounded number of those in which a series may have calls, by chance."""

from collections.abc import Sequence

import numpy as np

from analytics.drift.hours import hour_class
from analytics.series.counts import HOUR_S
from analytics.series.in_traces import Hours, asked_of
from analytics.series.key import SeriesKey
from collector.store.statement import statement
from collector.store.store import Store

# That are drawn of a time, and steps that these have.
TRACES_MAX = 2_000
STEPS_MAX = 200_000


def drawn_traces(store: Store, key: SeriesKey, hours: Hours, like: Hours) -> Sequence[str]:
    """Return ids of traces with calls in [first, end), at hours of the day and the week that `like` has.

    Parameters
    ----------
    hours, like
        In seconds since the epoch.
    """
    classes = hour_class(np.arange(like[0] // HOUR_S, like[1] / HOUR_S, dtype=np.float64))
    asked = {"classes": np.unique(classes).tolist(), "traces_max": TRACES_MAX}
    sizes: dict[str, int] = {}
    for row in store.query(statement(__package__, "drawn_traces.sql"), asked_of(key, hours) | asked):
        sizes[row["trace"]] = max(row["spans"], sizes.get(row["trace"], 0))
    found, left = [], STEPS_MAX
    for trace, steps in sizes.items():
        if steps <= left:
            found.append(trace)
            left -= steps
    return found
