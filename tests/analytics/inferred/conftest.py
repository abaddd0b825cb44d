"""Traces into a store, and what is inferred of them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.assembly.assembler import Assembler
from analytics.inferred.reader import UnfinishedTraces
from analytics.inferred.unfinished import Unfinished
from collector.journal.segment import Folders
from collector.store.store import Store
from tests.segments import loader_of, seal

Infer = Callable[..., Sequence[Unfinished]]


@pytest.fixture
def inferred(store: Store, tmp_path: Path) -> Infer:
    """Load requests, and return what is unfinished a minute later."""
    folders = Folders(tmp_path)
    folders.create()
    loader = loader_of(store, folders)
    reader = UnfinishedTraces(store)

    def infer(*bodies: bytes, later_s: float = 60) -> Sequence[Unfinished]:
        if bodies:
            loader.load([seal(folders, bodies)])
        assembler = Assembler(store)
        while assembler.run_once():
            pass
        return reader.read(datetime.now(UTC) + timedelta(seconds=later_s))

    return infer
