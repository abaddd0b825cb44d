"""A store of an older schema is brought to the newest with all that it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store import migrate as migrations
from collector.store.migrate import migrate
from collector.store.store import Store, open_store


@pytest.fixture
def old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store as it was before segments were kept by the time they were recorded."""
    names = migrations._names()
    store = open_store(f"chdb://{tmp_path / 'store'}")
    with monkeypatch.context() as before:
        before.setattr(migrations, "_names", lambda: [name for name in names if name < "0008"])
        migrate(store)
    yield store
    store.close()


def test_segments_of_an_older_schema_are_kept_each_at_a_time_of_its_own(old_store: Store) -> None:
    old_store.command(
        "INSERT INTO segments VALUES ('b', 'traces', '2026-09-01', 7, '2026-09-01 10:00:00.000001'), "
        "('a', 'traces', '2026-09-01', 3, '2026-09-01 10:00:00.000001'), "
        "('c', 'traces', '2026-10-01', 5, '2026-10-01 10:00:00.000001')"
    )

    migrate(old_store)

    rows = old_store.query(
        "SELECT segment, rows, toUnixTimestamp64Micro(verified) % 1000 AS us "
        "FROM verified_segments ORDER BY verified"
    )
    assert [tuple(row.values()) for row in rows] == [("a", 3, 1), ("b", 7, 2), ("c", 5, 1)]
    assert migrate(old_store) == []
