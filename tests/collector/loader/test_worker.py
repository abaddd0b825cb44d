"""The threads that load: strangers do not stop them, damage does not go unnoticed."""

import threading
from collections.abc import Sequence

import pytest

from collector.journal.segment import Folders, Segment
from collector.loader.loader import Loader
from collector.loader.worker import LoadingWorkers
from collector.store.store import Store
from tests.builders import request, span
from tests.segments import seal
from tests.service import until


def test_a_file_that_is_no_segment_is_left_alone(store: Store, folders: Folders, loader: Loader) -> None:
    (folders.sealed / "notes.txt").write_text("not ours")
    damage: list[BaseException] = []
    workers = LoadingWorkers(loader, folders, damage.append, lambda: None)
    seal(folders, [request(span()).SerializeToString()])

    workers.start()
    until(lambda: list(folders.archive.iterdir()), 30)
    workers.stop(10)

    assert store.query("SELECT count() AS n FROM spans") == [{"n": 1}]
    assert (folders.sealed / "notes.txt").exists()
    assert not damage


def test_an_error_that_nobody_expected_is_told(
    folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def broken(_: Loader, __: Sequence[Segment]) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Loader, "load", broken)
    workers = LoadingWorkers(loader, folders, lambda _: told.set(), lambda: None, threads=1)
    seal(folders, [request(span()).SerializeToString()])

    workers.start()

    assert told.wait(30)
    workers.stop(10)
