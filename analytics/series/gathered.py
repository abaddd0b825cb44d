"""Gathered: the steps of the hours that are being counted, apart from all others that are stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from collector.store.statement import statement
from collector.store.store import Store


@contextmanager
def gathered(store: Store, first: datetime, hours: int = 1) -> Iterator[None]:
    """Keep the steps that ended in hours in a row in `drift_steps` meanwhile, and counts in `drift_pieces`.

    The weeks in which they may have been assembled are merged once for all that is counted of them: O(steps
    of those weeks).
    """
    from_s = int(first.timestamp())
    forget(store)
    bounds = {"from_s": from_s, "until_s": from_s + hours * 3600}
    try:
        store.command(statement(__package__, "gather_steps.sql"), bounds)
        yield
    finally:
        forget(store)


def forget(store: Store) -> None:
    """Empty the tables whose rows are of one count alone."""
    for table in ("drift_steps", "drift_pieces"):
        store.command(statement(__package__, "empty.sql"), {"table": table})
