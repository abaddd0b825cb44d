"""What merges wrote is looked at, and a start repairs it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.errors import DamagedStore
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.merged_parts import MergedParts
from collector.store.store import Store, open_store
from tests.builders import request, span
from tests.conftest import new_store
from tests.segments import seal


@pytest.fixture
def opened_store(empty_store: Path, tmp_path: Path) -> Iterator[Store]:
    """An engine of its own: its files are damaged."""
    with new_store(empty_store, tmp_path) as store:
        yield store


def test_a_merge_that_could_not_write_is_found_and_a_start_takes_the_parts_before_it(
    store: Store, folders: Folders, loader: Loader, tmp_path: Path
) -> None:
    merged = MergedParts(store)
    for _ in range(2):
        loader.load([seal(folders, [request(span(), span()).SerializeToString()])])
    store.command("OPTIMIZE TABLE spans FINAL")
    merged.look()
    (part,) = store.query("SELECT path FROM system.parts WHERE table = 'spans' AND active")
    os.truncate(Path(part["path"]) / "columns_substreams.txt", 100)

    with pytest.raises(DamagedStore, match=r"columns_substreams\.txt is cut short"):
        merged.look()

    store.close()
    again = open_store(f"chdb://{tmp_path / 'store'}")
    (row,) = again.query("SELECT count() AS n FROM spans")
    assert row["n"] == 4
    again.close()


@pytest.mark.parametrize(
    ("table", "column"), [("steps", "project"), ("traces", "project"), ("verified_segments", "segment")]
)
def test_what_is_derived_is_looked_at_too(table: str, column: str, store: Store) -> None:
    merged = MergedParts(store)
    for value in ("shop", "bank"):
        store.command(f"INSERT INTO {table} ({column}) VALUES ('{value}')")
    store.command(f"OPTIMIZE TABLE {table} FINAL")
    merged.look()
    query = "SELECT path FROM system.parts WHERE table = {table:String} AND active AND level > 0"
    (part,) = store.query(query, {"table": table})
    largest = max(Path(part["path"]).glob("*.bin"), key=lambda file: file.stat().st_size)
    os.truncate(largest, 10)

    with pytest.raises(DamagedStore, match="is damaged"):
        merged.look()
