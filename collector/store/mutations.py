"""Deletions end with whoever waits for them.

The engine keeps a mutation in a file and goes on with it until it succeeds, also at the next start: it
would delete rows while others are loaded that count on them. Who deletes does it all again instead.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.store.statement import statement

if TYPE_CHECKING:
    from collector.store.store import Store

log = structlog.get_logger(__name__)
_LOOK_EVERY_S = 0.1
_AGAIN_S = 1.0


def end_mutations(store: "Store") -> None:
    """End every unfinished mutation, and wait until none writes any more."""
    store.command(statement(__package__, "end_mutations.sql"))
    while store.query(statement(__package__, "running_mutations.sql"))[0]["parts"]:
        time.sleep(_LOOK_EVERY_S)


@contextmanager
def none_outlives(store: "Store") -> Iterator[None]:
    """Let a deletion that fails leave nothing behind that goes on deleting."""
    try:
        yield
    except BaseException:
        _end_at_last(store)
        raise


def _end_at_last(store: "Store") -> None:
    """End them however often it takes: nothing may be loaded before."""
    while True:
        try:
            return end_mutations(store)
        except ClickHouseError as error:
            log.warning("mutations_not_ended", error=str(error)[:500], action="will try again")
            time.sleep(_AGAIN_S)
