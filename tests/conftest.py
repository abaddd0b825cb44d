"""Fixtures shared by all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.picky_engine import picky

__all__ = ["picky", "store"]

# A machine that is busy with something else makes an example slow, and nothing wrong.
settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with the newest schema. chDB opens one path at a time: close before the next."""
    store = open_store(f"chdb://{tmp_path / 'store'}")
    migrate(store)
    yield store
    store.close()
