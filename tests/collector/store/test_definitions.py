"""What the engine could not write of a table, and said nothing about, is taken back and done again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from collector.errors import StoreUnavailable
from collector.store.migrate import migrate
from collector.store.store import Store, open_store

COLOURS = "CREATE TABLE colours (name String) ENGINE = MergeTree ORDER BY name"


def opened(folder: Path) -> Store:
    return open_store(f"chdb://{folder}")


def cut(folder: Path, table: str, length: int) -> None:
    """As a full disk leaves it; the engine reports no error."""
    file = folder / "metadata" / "doldrums" / f"{table}.sql"
    file.write_bytes(file.read_bytes()[:length])


def change(store: Store, sql: str, harm: Callable[[], None]) -> None:
    with store.definitions.kept():
        store.command(sql)
        harm()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = opened(tmp_path / "store")
    migrate(store)
    store.command("INSERT INTO steps (project, name) VALUES ('default', 'kept')")
    store.close()
    return tmp_path / "store"


@pytest.mark.parametrize("length", [0, 700])
def test_a_definition_that_was_not_written_whole_is_taken_back(folder: Path, length: int) -> None:
    store = opened(folder)

    with pytest.raises(StoreUnavailable, match="steps could not be written"):
        change(store, "ALTER TABLE steps ADD COLUMN colour String", lambda: cut(folder, "steps", length))

    store.close()

    again = opened(folder)

    assert again.query("SELECT name FROM steps") == [{"name": "kept"}]
    again.close()


def test_what_is_damaged_after_an_upgrade_comes_back_as_upgraded_each_time(folder: Path) -> None:
    store = opened(folder)
    change(store, "ALTER TABLE steps ADD COLUMN colour String", lambda: None)
    store.close()

    for _ in range(2):
        cut(folder, "steps", 0)
        again = opened(folder)
        assert again.query("SELECT name, colour FROM steps") == [{"name": "kept", "colour": ""}]
        again.close()


def test_what_is_whole_is_left_alone_whatever_it_is(folder: Path) -> None:
    store = opened(folder)
    notes = "CREATE TABLE notes (name String) ENGINE = MergeTree ORDER BY name COMMENT 'mine'"
    change(store, notes, lambda: None)
    store.command("CREATE VIEW shown AS SELECT 1 AS one")
    store.command("CREATE TABLE quick (name String) ENGINE = Memory")
    store.close()

    again = opened(folder)

    assert again.query("SELECT one FROM shown") == [{"one": 1}]
    assert list(again.query("SELECT * FROM notes")) == list(again.query("SELECT * FROM quick")) == []
    again.close()


def test_who_is_killed_before_that_leaves_it_to_the_next_start(folder: Path) -> None:
    store = opened(folder)
    store.command("ALTER TABLE steps ADD COLUMN colour String")
    cut(folder, "steps", 0)
    store.close()

    again = opened(folder)

    assert again.query("SELECT name FROM steps") == [{"name": "kept"}]
    again.close()


def test_a_new_table_that_was_not_written_is_made_again(folder: Path) -> None:
    store = opened(folder)
    with pytest.raises(StoreUnavailable, match="colours could not be written"):
        change(store, COLOURS, lambda: cut(folder, "colours", 0))

    store.close()

    again = opened(folder)

    again.command(COLOURS)
    assert not list(again.query("SELECT * FROM colours"))
    again.close()


def test_a_new_table_whose_folder_says_no_format_is_opened(folder: Path) -> None:
    for file in (folder / "store").glob("*/*/format_version.txt"):
        file.write_bytes(b"")

    again = opened(folder)

    assert again.query("SELECT name FROM steps") == [{"name": "kept"}]
    again.close()


def test_without_room_for_copies_nothing_is_changed(folder: Path) -> None:
    store = opened(folder)
    copies = folder / "definitions"
    for copy in copies.iterdir():
        copy.unlink()
    copies.rmdir()
    copies.write_text("")  # root may write anywhere: here stands a file

    with pytest.raises(StoreUnavailable, match="is not upgraded, and as it was"), store.definitions.kept():
        pytest.fail("it was to be changed")
    store.close()
