"""The threads that load: strangers do not stop them, damage does not go unnoticed."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.journal.segment import Folders, Segment, segments
from collector.loader.loader import Loader
from collector.loader.progress import Progress
from collector.loader.refusals import Refusals
from collector.loader.worker import LoadingWorkers
from collector.store.store import Store
from tests.builders import request, span
from tests.segments import seal
from tests.service import until


def test_a_file_that_is_no_segment_is_left_alone(store: Store, folders: Folders, loader: Loader) -> None:
    (folders.sealed / "notes.txt").write_text("not ours")
    damage: list[BaseException] = []
    workers = LoadingWorkers(loader, folders, damage.append)
    seal(folders, [request(span()).SerializeToString()])

    workers.start()
    until(lambda: list(folders.archive.iterdir()), 60)
    workers.stop(60)

    assert store.query("SELECT count() AS n FROM spans") == [{"n": 1}]
    assert (folders.sealed / "notes.txt").exists()
    assert not damage


def test_what_is_sealed_meanwhile_waits_to_be_loaded_together(
    folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[Sequence[Segment]] = []
    load = Loader.load

    def noted(self: Loader, batch: Sequence[Segment]) -> None:
        if not batches:
            for _ in range(3):
                seal(folders, [request(span()).SerializeToString()])
        batches.append(batch)
        load(self, batch)

    monkeypatch.setattr(Loader, "load", noted)
    workers = LoadingWorkers(loader, folders, lambda _: None, threads=2)
    seal(folders, [request(span()).SerializeToString()])

    workers.start()
    until(lambda: len(list(folders.archive.iterdir())) == 4, 60)
    workers.stop(60)

    assert [len(batch) for batch in batches] == [1, 3]


def test_an_error_that_nobody_expected_is_told(
    folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def broken(_: Loader, __: Sequence[Segment]) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(Loader, "load", broken)
    workers = LoadingWorkers(loader, folders, lambda _: told.set(), threads=1)
    seal(folders, [request(span()).SerializeToString()])

    workers.start()

    assert told.wait(60)
    workers.stop(60)


def test_what_the_disk_does_not_give_back_keeps_nobody_else_waiting(
    store: Store, folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable = seal(folders, [request(span()).SerializeToString()])
    load, damage = Loader.load, list[BaseException]()

    def picky(self: Loader, batch: Sequence[Segment]) -> None:
        if unreadable in batch:
            raise OSError("Input/output error")
        load(self, batch)

    monkeypatch.setattr(Loader, "load", picky)
    workers = LoadingWorkers(loader, folders, damage.append)
    others = [seal(folders, [request(span()).SerializeToString()]) for _ in range(3)]

    workers.start()
    until(lambda: len(list(folders.archive.iterdir())) == len(others), 60)
    workers.stop(60)

    assert segments(folders.sealed) == [unreadable]
    assert not damage


def test_a_refused_file_rests_longer_each_time_and_is_then_tried_alone(folders: Folders) -> None:
    clock_s = 100.0
    refusals = Refusals(lambda: clock_s)
    refused, other = (seal(folders, [request(span()).SerializeToString()]) for _ in range(2))

    rested_s = []
    for _ in range(10):
        refusals.note([refused])
        began_s = clock_s
        while refusals.rests(refused.file_name):
            clock_s += 0.1
        rested_s.append(round(clock_s - began_s, 1))

    assert rested_s == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0], abs=0.15)
    assert refusals.apart([other, refused]) == [refused]
    refusals.forget([refused])
    assert refusals.apart([other, refused]) == [other, refused]


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 1
        return self.now_s


def test_what_is_refused_for_a_minute_while_others_load_is_not_waited_for(folders: Folders) -> None:
    refusals = Refusals(clock := Clock())
    progress = Progress(folders, refusals.left_behind)
    hour_ns = 3600 * 1_000_000_000
    refused, other = (seal(folders, [request(span()).SerializeToString()], n * hour_ns) for n in (1, 2))

    refusals.note([refused])
    refusals.forget([other])
    refusals.note([refused])
    assert progress.reached() == datetime(1970, 1, 1, 1, tzinfo=UTC)
    clock.now_s += 60

    assert progress.reached() == datetime(1970, 1, 1, 2, tzinfo=UTC)
    assert progress.left_behind() == [refused]
    refusals.forget([refused])
    assert progress.left_behind() == []


def test_all_is_waited_for_that_an_engine_refuses_which_refuses_everything(folders: Folders) -> None:
    refusals = Refusals(clock := Clock())
    waiting = [seal(folders, [request(span()).SerializeToString()]) for _ in range(3)]

    for _ in range(10):
        refusals.note(waiting)
        clock.now_s += 60
    refusals.forget(waiting[:1])

    assert Progress(folders, refusals.left_behind).left_behind() == []


def test_a_segment_that_is_sealed_while_the_journal_is_looked_at_is_seen(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = seal(folders, [request(span()).SerializeToString()], received_unix_nano=1)
    (folders.sealed / sealed.file_name).rename(folders.open / sealed.file_name)

    def sealed_meanwhile(folder: Path) -> list[Segment]:
        found = segments(folder)
        if (folders.open / sealed.file_name).exists():
            (folders.open / sealed.file_name).rename(folders.sealed / sealed.file_name)
        return found

    monkeypatch.setattr("collector.loader.progress.segments", sealed_meanwhile)

    assert Progress(folders, lambda _: False).reached() == datetime(1970, 1, 1, tzinfo=UTC)
