"""Each segment exactly once, whatever happened before."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import DamagedStore
from collector.journal.quarantined import quarantined
from collector.journal.segment import Folders, Segment, segments
from collector.loader.archive import Archive
from collector.loader.loader import Loader
from collector.loader.part import Part, is_sound
from collector.loader.part_files import UNCOUNTED, is_whole
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import SegmentReader
from collector.store.store import Store
from tests.builders import request, span
from tests.collector.loader.conftest import CUTS
from tests.conftest import new_store
from tests.segments import seal


@pytest.fixture
def opened_store(empty_store: Path, tmp_path: Path) -> Iterator[Store]:
    """An engine for each test: some of them damage its files and change its settings."""
    with new_store(empty_store, tmp_path) as store:
        yield store


def stored(store: Store) -> int:
    (row,) = store.query("SELECT count() AS n FROM spans")
    return int(row["n"])


def three_spans(folders: Folders) -> Segment:
    return seal(folders, [request(span(), span()).SerializeToString(), request(span()).SerializeToString()])


def test_a_segment_is_stored_recorded_and_archived(store: Store, folders: Folders, loader: Loader) -> None:
    segment = three_spans(folders)

    loader.load([segment])

    assert stored(store) == 3
    (recorded,) = store.query("SELECT segment, rows FROM verified_segments")
    assert recorded == {"segment": segment.id, "rows": 3}
    assert [path.name for path in folders.archive.iterdir()] == [segment.file_name]
    assert not list(folders.sealed.iterdir())


def test_a_segment_that_waited_long_is_kept_from_when_it_was_loaded(folders: Folders, loader: Loader) -> None:
    segment = three_spans(folders)
    os.utime(folders.sealed / segment.file_name, (0, 0))

    loader.load([segment])

    Archive(folders.archive, bytes_max=1 << 30, age_s_max=3600).purge()
    assert [path.name for path in folders.archive.iterdir()] == [segment.file_name]


def test_one_segment_is_one_part(store: Store, folders: Folders, loader: Loader) -> None:
    bodies = [request(*(span() for _ in range(500))).SerializeToString() for _ in range(40)]

    loader.load([seal(folders, bodies)])

    parts = store.query("SELECT rows FROM system.parts WHERE table = 'spans' AND active")
    assert [part["rows"] for part in parts] == [20_000]


def test_a_segment_that_was_inserted_before_a_crash_is_not_inserted_again(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader
) -> None:
    segment = three_spans(folders)
    reader.insert(folders.sealed, [segment])

    loader.load([segment])

    assert stored(store) == 3


def test_a_segment_that_was_recorded_but_not_archived_is_archived(
    store: Store, folders: Folders, loader: Loader
) -> None:
    segment = three_spans(folders)
    loader.load([segment])
    (folders.archive / segment.file_name).rename(folders.sealed / segment.file_name)

    loader.load([segment])

    assert stored(store) == 3
    assert not list(folders.sealed.iterdir())


def test_part_of_a_segment_in_the_store_stops_the_process(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader
) -> None:
    segment = three_spans(folders)
    reader.insert(folders.sealed, [segment])
    lose_a_row(store)

    with pytest.raises(DamagedStore, match="2 of 3 rows"):
        loader.load([segment])

    assert (folders.sealed / segment.file_name).exists()


def lives(
    store: Store, folders: Folders, number: int, starting: Callable[[], None] = lambda: None
) -> list[type[Exception]]:
    """What ends the lives of so many processes, each of which loads what is sealed."""
    ends: list[type[Exception]] = []
    for _ in range(number):
        starting()
        reader = SegmentReader(store, CUTS)
        try:
            Loader(store, reader, folders, Quarantine(reader, folders)).load(segments(folders.sealed))
        except DamagedStore as error:
            ends.append(type(error))
    return ends


def lose_a_row(store: Store) -> None:
    store.command(
        "ALTER TABLE spans DELETE WHERE cityHash64(span_id) = (SELECT max(cityHash64(span_id)) FROM spans) "
        "SETTINGS mutations_sync = 2"
    )


def test_a_segment_that_no_restart_repairs_is_set_aside_and_the_others_are_loaded(
    store: Store, folders: Folders, reader: SegmentReader
) -> None:
    broken = three_spans(folders)
    reader.insert(folders.sealed, [broken])
    lose_a_row(store)
    whole = (folders.sealed / broken.file_name).read_bytes()
    others = [three_spans(folders) for _ in range(2)]

    assert lives(store, folders, 2) == [DamagedStore] * 2
    grow_old(folders)
    assert {path.name for path in folders.archive.iterdir()} == {one.file_name for one in others}
    assert lives(store, folders, 2) == [DamagedStore] * 2

    assert not list(folders.sealed.iterdir())
    assert stored(store) == 6 + 2
    assert [piece.spans for piece in quarantined(folders.quarantine)] == [1]
    (piece,) = folders.quarantine.glob("*.segment")
    reason = piece.with_suffix(".reason").read_text()
    assert piece.read_bytes() == whole
    assert reason.count("has 2 of 3 rows") == 4
    assert f"doldrums journal replay {piece}" in reason


def grow_old(folders: Folders) -> None:
    """Let all that went wrong with segments have begun a quarter of an hour earlier."""
    for path in folders.sealed.glob("*.mishaps"):
        first, *others = path.read_text().splitlines(keepends=True)
        began = datetime.fromisoformat(first[:19]).replace(tzinfo=UTC) - timedelta(minutes=15)
        path.write_text("".join([f"{began:%Y-%m-%d %H:%M:%S}{first[19:]}", *others]))


def test_trouble_of_a_few_minutes_sets_nothing_aside(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader
) -> None:
    segment = three_spans(folders)
    reader.insert(folders.sealed, [segment])
    lose_a_row(store)

    assert lives(store, folders, 10) == [DamagedStore] * 10
    store.command("TRUNCATE TABLE spans")
    loader.load([segment])

    assert stored(store) == 3
    assert not list(folders.quarantine.iterdir())


def spoil(store: Store, bytes_left: int | None) -> None:
    """Cut the largest file of the only part short, or remove it."""
    (part,) = store.query("SELECT path FROM system.parts WHERE table = 'spans' AND active")
    victim = max(Path(part["path"]).glob("*.bin"), key=lambda path: path.stat().st_size)
    if bytes_left is None:
        victim.unlink()
    else:
        os.truncate(victim, bytes_left)


SPOILT = pytest.mark.parametrize("bytes_left", [None, 0, 100], ids=["missing", "empty", "short"])


@SPOILT
def test_a_part_that_was_written_and_cannot_be_read_stops_the_process_and_not_for_ever(
    store: Store, folders: Folders, monkeypatch: pytest.MonkeyPatch, bytes_left: int | None
) -> None:
    segment, insert = three_spans(folders), SegmentReader.insert

    def start_again() -> None:
        """A start detaches such a part, which makes its rows none."""
        store.command("TRUNCATE TABLE spans")

    def insert_badly(reader: SegmentReader, folder: Path, segments: Sequence[Segment]) -> None:
        insert(reader, folder, segments)
        spoil(store, bytes_left)

    monkeypatch.setattr(SegmentReader, "insert", insert_badly)
    assert lives(store, folders, 3, start_again) == [DamagedStore] * 3
    assert (folders.sealed / segment.file_name).exists()

    grow_old(folders)
    assert lives(store, folders, 1, start_again) == [DamagedStore]
    assert [piece.spans for piece in quarantined(folders.quarantine)] == [3]
    assert not list(folders.sealed.iterdir())


@SPOILT
def test_a_part_that_was_damaged_before_is_not_taken_for_loaded_and_no_fault_of_the_segment(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader, bytes_left: int | None
) -> None:
    segment = three_spans(folders)
    reader.insert(folders.sealed, [segment])
    spoil(store, bytes_left)

    with pytest.raises(ClickHouseError):
        loader.load([segment])

    assert [path.name for path in folders.sealed.iterdir()] == [segment.file_name]


def test_wherever_a_file_beside_the_data_is_cut_short_it_is_found(
    store: Store, folders: Folders, reader: SegmentReader
) -> None:
    reader.insert(folders.sealed, [three_spans(folders)])
    (part,) = store.query(
        "SELECT table, name, path, bytes_on_disk FROM system.parts WHERE table = 'spans' AND active"
    )
    assert is_sound(store, Part(**part))
    files = [Path(part["path"]) / name for name in UNCOUNTED]
    assert [is_whole(file.name, file.read_bytes()) for file in files if file.exists()] == [True] * len(files)

    for file in files:
        data = file.read_bytes()
        for end in range(len(data)):
            assert not is_whole(file.name, data[:end]), (file.name, end)
        for start in range(1, len(data)):
            assert not is_whole(file.name, data[start:]), (file.name, start)


def test_a_wide_part_with_columns_that_are_all_empty_is_sound(
    store: Store, folders: Folders, loader: Loader
) -> None:
    store.command("ALTER TABLE spans MODIFY SETTING min_bytes_for_wide_part = 0")
    bodies = [request(*(span(attributes={"text": "x" * 700}) for _ in range(500))).SerializeToString()] * 60

    loader.load([seal(folders, bodies)])

    (part,) = store.query("SELECT part_type, rows FROM system.parts WHERE table = 'spans' AND active")
    assert part == {"part_type": "Wide", "rows": 30_000}


def test_small_segments_are_loaded_together_and_counted_apart(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader
) -> None:
    batch = [three_spans(folders) for _ in range(5)]
    reader.insert(folders.sealed, batch[1:2])

    loader.load(batch)

    counted = store.query("SELECT segment, count() AS n FROM spans GROUP BY segment")
    assert {row["segment"]: row["n"] for row in counted} == {segment.id: 3 for segment in batch}
    parts = store.query("SELECT rows FROM system.parts WHERE table = 'spans' AND active ORDER BY rows")
    assert [part["rows"] for part in parts] == [3, 12]
