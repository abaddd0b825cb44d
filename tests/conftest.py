"""Fixtures shared by all tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the newest schema: to copy it costs a tenth of a second, every migration nearly one."""
    folder = tmp_path_factory.mktemp("empty") / "store"
    store = open_store(f"chdb://{folder}")
    migrate(store)
    store.close()
    return folder


@contextmanager
def new_store(empty: Path, folder: Path) -> Iterator[Store]:
    """Open an empty store with the newest schema; chDB opens one path at a time."""
    shutil.copytree(empty, folder / "store", symlinks=True)
    store = open_store(f"chdb://{folder / 'store'}")
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(scope="module")
def opened_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The engine of a file of tests; to start one and to load into it first cost half a second of work.

    A file whose tests do harm to the engine's files has one for each test instead: see test_loader.py.
    """
    with new_store(empty_store, tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def store(opened_store: Store) -> Iterator[Store]:
    """An empty store with the newest schema."""
    yield opened_store
    for table in opened_store.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() "
        "AND name != 'migrations' AND total_rows > 0"
    ):
        opened_store.command(f"TRUNCATE TABLE {table['name']}")
