"""A store with the analytics' tables, empty at the start of each test that asks for it.

chDB holds one open path per process, so the store of a module is closed at its end.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.migrate import migrate
from collector.store.store import Store, open_store

OPEN_SPANS = Path(__file__).parent / "schema" / "open_spans.sql"


@pytest.fixture(scope="module")
def opened_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"chdb://{tmp_path_factory.mktemp('store')}")
    migrate(opened)
    opened.command("DROP TABLE open_spans SYNC")
    opened.command(OPEN_SPANS.read_text())
    yield opened
    opened.close()


@pytest.fixture
def store(opened_store: Store) -> Store:
    for table in ("steps", "open_spans", "duration_bins"):
        opened_store.command(f"TRUNCATE TABLE {table} SYNC")
    return opened_store
