"""A request that the engine refuses is set apart; the others of its segment load."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from collector.journal.quarantined import quarantined
from collector.journal.record import records
from collector.journal.segment import Folders, Segment, segments
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import SegmentReader
from collector.store.store import Store
from tests.builders import request, span
from tests.picky_engine import POISON
from tests.segments import seal


def seal_with_bad(folders: Folders, good: int) -> tuple[Segment, bytes]:
    """Seal requests of one span, and behind them a refused one of three."""
    bad = request(span(), span(POISON), span()).SerializeToString()
    return seal(folders, [*(request(span()).SerializeToString() for _ in range(good)), bad]), bad


def load_all(folders: Folders, loader: Loader) -> None:
    while waiting := segments(folders.sealed):
        loader.load(waiting[:1])


@pytest.mark.usefixtures("picky")
def test_a_refused_request_is_set_apart_and_the_rest_is_loaded(
    store: Store, folders: Folders, loader: Loader
) -> None:
    _, bad = seal_with_bad(folders, good=7)

    load_all(folders, loader)

    (row,) = store.query("SELECT count() AS n FROM spans")
    assert row["n"] == 7
    assert [piece.spans for piece in quarantined(folders.quarantine)] == [3]
    (reason,) = folders.quarantine.glob("*.reason")
    assert "it is poison" in reason.read_text()
    (record,) = records(reason.with_suffix(".record").read_bytes())
    assert (record.body, record.project) == (bad, "default")


@pytest.mark.usefixtures("picky")
def test_projects_that_share_a_segment_keep_their_own_through_all_of_it(
    store: Store, folders: Folders, loader: Loader
) -> None:
    segment = seal_of(folders, {"bank": "good", "shop": POISON, "zoo": "good", "shop-2": "good"})

    loader.load([segment])
    load_all(folders, loader)

    rows = store.query("SELECT project, count() AS n FROM spans GROUP BY project ORDER BY project")
    assert [(row["project"], row["n"]) for row in rows] == [("bank", 1), ("shop-2", 1), ("zoo", 1)]
    (reason,) = folders.quarantine.glob("*.reason")
    assert reason.read_text().startswith("project shop\n")
    apart = {name: len(quarantined(folders.quarantine, name)) for name in ("bank", "shop", "shop-2")}
    assert apart == {"bank": 0, "shop": 1, "shop-2": 0}


def seal_of(folders: Folders, names: dict[str, str]) -> Segment:
    """Seal a request of one span for each project."""
    whole = [seal(folders, [request(span(name)).SerializeToString()], project=p) for p, name in names.items()]
    shared = replace(whole[0], rows=len(whole))
    data = b"".join((folders.sealed / one.file_name).read_bytes() for one in whole)
    for one in whole:
        (folders.sealed / one.file_name).unlink()
    (folders.sealed / shared.file_name).write_bytes(data)
    return shared


@pytest.mark.usefixtures("small_engine")
def test_halves_of_a_shared_segment_keep_their_projects(
    store: Store, folders: Folders, loader: Loader
) -> None:
    names = {f"p{number}": "good" for number in range(8)}

    loader.load([seal_of(folders, names)])
    load_all(folders, loader)

    rows = store.query("SELECT project FROM spans ORDER BY project")
    assert [row["project"] for row in rows] == list(names)


@pytest.fixture
def small_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine without the memory for more than four spans at once."""
    insert, limit = SegmentReader.insert, 4

    def insert_little(reader: SegmentReader, folder: Path, segments: Sequence[Segment]) -> None:
        if sum(one.rows for one in segments) > limit:
            raise DatabaseError("Code: 241. DB::Exception: too much (MEMORY_LIMIT_EXCEEDED)")
        insert(reader, folder, segments)

    monkeypatch.setattr(SegmentReader, "insert", insert_little)


@pytest.mark.usefixtures("small_engine")
def test_a_segment_that_is_too_much_at_once_is_halved(store: Store, folders: Folders, loader: Loader) -> None:
    segment = seal(folders, [request(span()).SerializeToString() for _ in range(8)])

    loader.load([segment])
    for half in [Segment.parse(path.name) for path in folders.sealed.iterdir()]:
        loader.load([half])

    (row,) = store.query("SELECT count() AS n, uniqExact(segment) AS segments FROM spans")
    assert row == {"n": 8, "segments": 2}
    assert not list(folders.quarantine.iterdir())


def test_a_segment_whose_halving_was_killed_is_not_stored_twice(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = seal(folders, [request(span()).SerializeToString() for _ in range(8)])
    seal_rest = Quarantine._seal_rest

    def killed_before_the_second(self: Quarantine, whole: Segment, part: str, good: Sequence[Any]) -> None:
        if part == "second":
            raise KeyboardInterrupt
        seal_rest(self, whole, part, good)

    with monkeypatch.context() as kill:
        kill.setattr(Quarantine, "_seal_rest", killed_before_the_second)
        with pytest.raises(KeyboardInterrupt):
            loader._quarantine.separate(segment, "too much at once")
    load_all(folders, loader)

    # the next start, at which there is memory for the whole
    load_all(folders, Loader(store, reader, folders, Quarantine(reader, folders)))

    (row,) = store.query("SELECT count() AS n, uniqExact(span_id) AS spans FROM spans")
    assert row == {"n": 8, "spans": 8}
    assert not list(folders.quarantine.iterdir())


def test_a_lone_request_that_only_the_insert_refuses_is_set_apart_and_not_halved_for_ever(
    folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("Code: 241. DB::Exception: too much (MEMORY_LIMIT_EXCEEDED)")

    monkeypatch.setattr(SegmentReader, "insert", refuse)
    loader.load([seal(folders, [request(span(), span()).SerializeToString()])])

    assert [piece.spans for piece in quarantined(folders.quarantine)] == [2]
    assert not list(folders.sealed.iterdir())


@pytest.mark.usefixtures("picky")
def test_an_interrupted_bisection_done_again_gives_the_same_rest(folders: Folders, loader: Loader) -> None:
    segment, _ = seal_with_bad(folders, good=3)
    bytes_before = (folders.sealed / segment.file_name).read_bytes()
    loader.load([segment])
    first = {path.name: path.read_bytes() for path in folders.sealed.iterdir()}
    (folders.sealed / segment.file_name).write_bytes(bytes_before)

    loader.load([segment])

    assert {path.name: path.read_bytes() for path in folders.sealed.iterdir()} == first
    assert len(list(folders.quarantine.glob("*.reason"))) == 1


def damage(folders: Folders, segment: Segment, harm: Callable[[bytes], bytes]) -> bytes:
    path = folders.sealed / segment.file_name
    path.write_bytes(harm(path.read_bytes()))
    return path.read_bytes()


def test_a_byte_that_the_disk_changed_costs_its_own_request_alone(
    store: Store, folders: Folders, loader: Loader
) -> None:
    requests = [request(span("first")), request(span("spoilt"), span("with it")), request(span("last"))]
    neighbour = seal(folders, [request(span("neighbour")).SerializeToString()])
    segment = seal(folders, [one.SerializeToString() for one in requests])
    data = damage(folders, segment, lambda data: data.replace(b"spoilt", b"spoilu"))

    loader.load([neighbour, segment])
    load_all(folders, loader)

    names = store.query("SELECT name FROM spans ORDER BY name")
    assert [row["name"] for row in names] == ["first", "last", "neighbour"]
    assert [piece.spans for piece in quarantined(folders.quarantine)] == [2]
    (piece,) = folders.quarantine.glob("*.damage")
    assert b"spoilu" in piece.read_bytes()
    assert piece.read_bytes() in data


def test_a_sealed_segment_that_was_cut_loses_only_what_was_cut(
    store: Store, folders: Folders, loader: Loader
) -> None:
    segment = seal(folders, [request(*(span() for _ in range(n))).SerializeToString() for n in (1, 2, 3)])
    damage(folders, segment, lambda data: data[:-1])

    loader.load([segment])
    load_all(folders, loader)

    assert store.query("SELECT count() AS n FROM spans") == [{"n": 3}]
    assert [piece.spans for piece in quarantined(folders.quarantine)] == [3]
