"""What was archived or set aside is loaded again if it is not stored, and never twice."""

from pathlib import Path

import pytest

from collector.errors import DamagedStore
from collector.journal.quarantined import erase_piece, quarantined
from collector.journal.segment import Folders, Segment, segments
from collector.loader.archive import Archive, archived_files, segments_in
from collector.loader.keeper import Keeper
from collector.loader.loader import Loader
from collector.loader.merged_parts import MergedParts
from collector.loader.quarantine import Quarantine
from collector.loader.replay import Outcome, Replay, ReplayFolders
from collector.loader.segment_reader import SegmentReader
from collector.store.store import Store
from tests.builders import request, span
from tests.picky_engine import POISON
from tests.segments import seal
from tests.service import until


@pytest.fixture
def replay(store: Store, folders: Folders, reader: SegmentReader) -> Replay:
    beside = ReplayFolders(folders.data_dir)
    beside.create()
    return Replay(store, Loader(store, reader, beside, Quarantine(reader, beside)), beside, lambda _: None)


def stored(store: Store) -> int:
    (row,) = store.query("SELECT count() AS n FROM spans")
    return int(row["n"])


def loaded(folders: Folders, loader: Loader, number: int, *, packed: bool) -> Path:
    """Load so many segments of two spans; return the archived file of the last."""
    for n in range(number):
        body = request(span(), span()).SerializeToString()
        loader.load([seal(folders, [body], received_unix_nano=(n + 1) * 10**18)])
    if packed:
        archive(folders).pack()
    return max(folders.archive.iterdir())


def archive(folders: Folders) -> Archive:
    return Archive(folders.archive, bytes_max=1 << 30, age_s_max=3600.0, counted=lambda _: "f" * 32)


def lose(store: Store) -> None:
    store.command("TRUNCATE TABLE spans")


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_stored_is_not_stored_twice(
    store: Store, folders: Folders, loader: Loader, replay: Replay, *, packed: bool
) -> None:
    file = loaded(folders, loader, 1, packed=packed)

    assert replay.archived(file) == Outcome(stored=2)
    assert stored(store) == 2


@pytest.mark.parametrize("packed", [False, True])
def test_what_the_store_lost_is_loaded_once(
    store: Store, folders: Folders, loader: Loader, replay: Replay, *, packed: bool
) -> None:
    file = loaded(folders, loader, 1, packed=packed)
    lose(store)

    assert replay.archived(file, dry_run=True) == Outcome(loaded=2)
    assert stored(store) == 0
    assert replay.archived(file) == Outcome(loaded=2)
    assert replay.archived(file) == Outcome(stored=2)
    assert stored(store) == 2
    assert list(folders.archive.iterdir()) == [file]
    assert not list(replay._folders.sealed.iterdir())


def test_only_what_is_wanted_is_loaded_from_a_pack(
    store: Store, folders: Folders, loader: Loader, replay: Replay
) -> None:
    pack = loaded(folders, loader, 3, packed=True)
    lose(store)

    outcome = replay.archived(pack, wanted=lambda segment: segment.day.year > 2001 and segment.rows == 2)

    assert outcome.loaded == stored(store) == 4


def test_a_segment_of_which_the_store_has_some_is_told_and_left(
    store: Store, folders: Folders, loader: Loader, replay: Replay
) -> None:
    file = loaded(folders, loader, 1, packed=False)
    store.command(
        "ALTER TABLE spans DELETE WHERE span_id = (SELECT max(span_id) FROM spans) "
        "SETTINGS mutations_sync = 2"
    )

    outcome = replay.archived(file)

    assert (outcome.stored, outcome.loaded, stored(store)) == (0, 0, 1)
    assert "the store has 1 of its 2 spans" in outcome.not_loaded[0]


def test_a_refused_request_is_loaded_once_the_engine_takes_it(
    store: Store,
    folders: Folders,
    loader: Loader,
    replay: Replay,
    picky: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies = [request(span("good")).SerializeToString(), request(span(POISON), span()).SerializeToString()]
    loader.load([seal(folders, bodies, project="ours")])
    loader.load(segments(folders.sealed))
    (piece,) = folders.quarantine.glob("*.record")

    refused = replay.set_aside(piece)
    assert "is refused as before" in refused.not_loaded[0]
    assert [one.spans for one in quarantined(folders.quarantine)] == [2]

    monkeypatch.undo()  # a later version reads it
    assert replay.set_aside(piece, dry_run=True) == Outcome(loaded=2)
    data, reason = piece.read_bytes(), piece.with_suffix(".reason").read_bytes()
    assert replay.set_aside(piece) == Outcome(loaded=2)
    assert not list(folders.quarantine.iterdir())
    # a kill before it was let go
    piece.write_bytes(data)
    piece.with_suffix(".reason").write_bytes(reason)
    assert replay.set_aside(piece) == Outcome(stored=2)

    assert store.query("SELECT DISTINCT project FROM spans") == [{"project": "ours"}]
    assert stored(store) == 3
    assert not list(folders.quarantine.iterdir())


def test_a_segment_that_was_set_aside_whole_is_loaded(
    store: Store, folders: Folders, replay: Replay, reader: SegmentReader
) -> None:
    segment = seal(folders, [request(span(), span()).SerializeToString()])
    Quarantine(reader, folders).take_out(segment, 2, ["once"])
    (piece,) = folders.quarantine.glob("*.segment")

    assert replay.set_aside(piece) == Outcome(loaded=2)

    assert store.query("SELECT DISTINCT segment FROM spans") == [{"segment": segment.id}]
    assert not list(folders.quarantine.iterdir())


def test_damage_stays_where_it_is(store: Store, folders: Folders, loader: Loader, replay: Replay) -> None:
    segment = seal(folders, [request(span("spoilt")).SerializeToString()])
    path = folders.sealed / segment.file_name
    path.write_bytes(path.read_bytes().replace(b"spoilt", b"spoilu"))
    loader.load([segment])
    (piece,) = folders.quarantine.glob("*.damage")

    outcome = replay.set_aside(piece)

    assert "is no record that could be loaded" in outcome.not_loaded[0]
    assert piece.exists()


def test_what_waits_to_be_loaded_is_left_to_that(folders: Folders, loader: Loader, replay: Replay) -> None:
    file = loaded(folders, loader, 1, packed=True)
    (segment,) = segments_in(file)
    (folders.sealed / segment.file_name).touch()

    assert replay.archived(file) == Outcome()


def test_a_replay_that_was_killed_is_finished_by_the_next_process(
    store: Store, folders: Folders, loader: Loader, replay: Replay
) -> None:
    file = loaded(folders, loader, 1, packed=False)
    lose(store)
    (replay._folders.sealed / file.name).write_bytes(file.read_bytes())

    replay.resume()

    assert stored(store) == 2


def test_a_start_loads_what_the_store_lost_and_only_then_anything_is_deleted(
    store: Store, folders: Folders, loader: Loader, replay: Replay
) -> None:
    loaded(folders, loader, 2, packed=True)
    loaded(folders, loader, 1, packed=False)
    lose(store)
    archived = Archive(folders.archive, bytes_max=0, age_s_max=0.0)
    keeper = Keeper(archived, replay, MergedParts(store), folders, lambda _: None)

    keeper.start()
    until(lambda: not list(folders.archive.iterdir()), 30)
    keeper.stop(10)

    assert stored(store) == 6


def test_a_pack_that_is_written_anew_while_a_start_compares_is_found_by_its_new_name(
    store: Store, folders: Folders, loader: Loader, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(folders, loader, 2, packed=True)
    lose(store)
    (pack,) = archived_files(folders.archive)
    first = segments_in(pack)[0]
    keep, compare = archive(folders), replay.archived

    def rewritten(file: Path) -> Outcome:
        if file == pack:
            keep.erase(lambda segment: segment == first)
        return compare(file)

    monkeypatch.setattr(replay, "archived", rewritten)
    keeper = Keeper(keep, replay, MergedParts(store), folders, lambda _: None)
    keeper._compare_once()

    assert stored(store) == 2
    assert keeper.compared


def test_what_was_erased_does_not_come_back(
    store: Store, folders: Folders, loader: Loader, replay: Replay, reader: SegmentReader
) -> None:
    loaded(folders, loader, 1, packed=False)
    Quarantine(reader, folders).take_out(seal(folders, [request(span()).SerializeToString()]), 1, ["secret"])
    keep = archive(folders)
    keep.erase(lambda _: True)
    (piece,) = folders.quarantine.glob("*.segment")
    erase_piece(piece)
    lose(store)

    Keeper(keep, replay, MergedParts(store), folders, lambda _: None)._compare()

    assert stored(store) == 0
    assert [path.read_text() for path in folders.quarantine.iterdir()] == ["erased\n"]


def test_damage_that_a_replay_meets_stops_the_process(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = loaded(folders, loader, 1, packed=False)
    lose(store)
    told: list[BaseException] = []
    beside = ReplayFolders(folders.data_dir)
    beside.create()
    replay = Replay(store, Loader(store, reader, beside, Quarantine(reader, beside)), beside, told.append)

    def damaged(_: Loader, __: list[Segment]) -> None:
        raise DamagedStore("part of it")

    monkeypatch.setattr(Loader, "load", damaged)
    with pytest.raises(DamagedStore):
        replay.archived(file)

    assert [str(error) for error in told] == ["part of it"]
