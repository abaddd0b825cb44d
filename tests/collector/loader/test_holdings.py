"""Segments are recorded in an order that those who follow can rely on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from collector.journal.segment import Folders, Segment
from collector.loader.holdings import Holdings
from collector.store.store import Store
from tests.builders import request, span
from tests.segments import seal


class SlowStore:
    """Holds each statement until another one arrives, or for a moment."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._second = threading.Barrier(2)
        self.met = False

    def command(self, sql: str, parameters: Any) -> None:
        try:
            self._second.wait(timeout=0.3)
            self.met = True
        except threading.BrokenBarrierError:
            self._store.command(sql, parameters)


def sealed(folders: Folders) -> Segment:
    return seal(folders, [request(span()).SerializeToString()])


def test_two_loaders_record_one_after_the_other(store: Store, folders: Folders) -> None:
    slow: Any = SlowStore(store)
    holdings = Holdings(slow)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda segment: holdings.record([segment]), [sealed(folders), sealed(folders)]))

    assert not slow.met


def test_what_is_recorded_together_or_again_has_times_that_ascend(store: Store, folders: Folders) -> None:
    holdings = Holdings(store)
    batch = [sealed(folders), sealed(folders)]
    holdings.record(batch)
    holdings.record(batch)

    rows = store.query("SELECT segment, verified FROM verified_segments ORDER BY verified")

    assert [row["segment"] for row in rows] == [segment.id for segment in batch] * 2
    assert len({row["verified"] for row in rows}) == 4
