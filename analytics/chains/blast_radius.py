"""Blast radius: how far an error chain reached, at least and at most.

Definition: `reference/detectors.md` 3.16. At most is call and time: all that began in its traces after it had
failed. At least is what is seen to have come of it: its hops, and data flow by ids and values.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.api import models
from analytics.chains.taint import tainted
from analytics.detectors.effect import MUTATING, READING
from collector.store.statement import statement
from collector.store.store import Store

# The newest: a trace lies in a granule (8,192 steps) or two, however many are stored.
TRACES_MAX = 500

Row = Mapping[str, Any]


def blast_radius(store: Store, asked: Mapping[str, Any], newest: Sequence[Row]) -> models.BlastRadius:
    """Return how far a chain reached.

    Parameters
    ----------
    asked
        Parameters that say which chain, of which project and time.
    newest
        Its newest traces, of `chain_traces.sql`.
    """
    taint = tainted(store, asked["project"], newest)
    bounds = {"traces_max": TRACES_MAX, "reached": taint.spans, "mutating": MUTATING, "reading": READING}
    (row,) = store.query(statement(__package__, "blast_radius.sql"), {**asked, **bounds})
    most = _reached(row, "most")
    least = _reached(row, "least")
    # what is unknown at most is unknown at least; what is known at most and nowhere seen is nothing
    least.tokens = None if most.tokens is None else least.tokens or 0
    least.cost_usd = None if most.cost_usd is None else least.cost_usd or 0.0
    return models.BlastRadius(
        least=least, most=most, traces_counted=most.traces, traces_read=taint.traces_read
    )


def _reached(row: Row, bound: str) -> models.Reached:
    counts = ("traces", "sessions", "users", "agents", "tokens")
    known = {name: row[f"{name}_{bound}"] for name in counts}
    return models.Reached(**known, cost_usd=row[f"cost_{bound}"], changes=row[f"changes_{bound}"])
