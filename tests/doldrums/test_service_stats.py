"""What was received is stored, set aside or waiting, also after a refusal and a restart."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.api.models import SpanCounts
from collector.journal.journal import Journal
from collector.journal.segment import Folders, segments
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.receiver.publisher import Publisher
from collector.receiver.snapshot import FILE_NAME
from collector.store.store import Store
from doldrums.service_stats import ServiceStats
from doldrums.settings import Settings
from tests.builders import request, span
from tests.picky_engine import POISON


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def receive(folders: Folders, *requests: list[str]) -> None:
    """Run a receiver that takes requests of spans of these names and is killed before it publishes more."""
    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0)
    publisher = Publisher(folders, journal, lambda: None)
    publisher.snapshot().write(folders.data_dir / FILE_NAME)
    for names in requests:
        body = request(*map(span, names)).SerializeToString()
        journal.append(body, len(names), "default").result()
    journal.close()


def load(folders: Folders, store: Store) -> None:
    reader = SegmentReader(store, Cuts())
    loader = Loader(store, reader, folders, Quarantine(reader, folders))
    while waiting := segments(folders.sealed):
        loader.load(waiting)


def counts(folders: Folders, store: Store) -> SpanCounts:
    watch: Any = SimpleNamespace(detector_names=())
    ledger: Any = None
    stats = ServiceStats(Settings(data_dir=folders.data_dir), store, folders, watch, ledger, "1")
    return stats.read().spans


@pytest.mark.usefixtures("picky")
def test_a_refused_request_of_three_spans_is_three_spans_in_quarantine(
    store: Store, folders: Folders
) -> None:
    receive(folders, ["good", "good"], ["a", POISON, "c"])
    load(folders, store)
    receive(folders, ["waits"])
    receive(folders)

    counted = counts(folders, store)

    waiting = sum(segment.rows for segment in segments(folders.sealed))
    assert (counted.stored, counted.quarantined, waiting) == (2, 3, 1)
    assert counted.received == 6


@pytest.mark.usefixtures("picky")
@pytest.mark.parametrize("snapshot_is_lost", [True, False])
def test_quarantine_is_counted_once_by_a_receiver_that_starts_again(
    store: Store, folders: Folders, *, snapshot_is_lost: bool
) -> None:
    receive(folders, ["a", POISON, "c"], ["good"])
    load(folders, store)
    for _ in range(2):
        receive(folders)
        if snapshot_is_lost:
            (folders.data_dir / FILE_NAME).unlink()

    counted = counts(folders, store)

    assert (counted.received, counted.stored, counted.quarantined) == (4, 1, 3)


@pytest.mark.usefixtures("picky")
def test_spans_in_quarantine_are_counted_as_long_as_the_reason_is_kept(
    store: Store, folders: Folders
) -> None:
    receive(folders, ["a", POISON])
    load(folders, store)
    for path in folders.quarantine.glob("*.record"):
        path.unlink()

    assert counts(folders, store).quarantined == 2
