"""A store, folders and a loader on them."""

from pathlib import Path

import pytest

from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store

CUTS = Cuts(attributes_max=8, value_bytes_max=900)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = Folders(tmp_path)
    folders.create()
    return folders


@pytest.fixture
def reader(store: Store) -> SegmentReader:
    return SegmentReader(store, CUTS)


@pytest.fixture
def loader(store: Store, folders: Folders, reader: SegmentReader) -> Loader:
    return Loader(store, reader, folders, Quarantine(reader, folders))
