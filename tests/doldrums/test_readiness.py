"""The API's /readyz knows what the receiver reports, and that it reports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from collector.journal.journal import Journal
from collector.journal.segment import Folders
from collector.loader.progress import Progress
from collector.receiver.publisher import Publisher
from collector.receiver.snapshot import FILE_NAME
from doldrums.readiness import Readiness


class Looks:
    late_s = 0.0


class Watch:
    looks = Looks()


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., None]:
    """Write what a receiver reports."""
    folders = Folders(tmp_path)
    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0)
    snapshot = Publisher(folders, journal, lambda: None).snapshot()
    journal.close()

    def publish(**changes: Any) -> None:
        replace(snapshot, **{"written_at": datetime.now(UTC)} | changes).write(tmp_path / FILE_NAME)

    return publish


@pytest.fixture
def readiness(tmp_path: Path, publish: Callable[..., None]) -> Readiness:
    watch: Any = Watch()
    return Readiness(tmp_path, Progress(Folders(tmp_path), lambda _: False), watch, Event())


def test_all_is_well(readiness: Readiness, publish: Callable[..., None]) -> None:
    publish()

    assert readiness.problems() == []


def test_a_receiver_that_takes_nothing_is_told_until_it_does(
    readiness: Readiness, publish: Callable[..., None]
) -> None:
    publish(problem="the journal cannot be written: /data/journal/open is read-only")
    assert readiness.problems() == [
        "nothing is received: the journal cannot be written: /data/journal/open is read-only"
    ]

    publish()
    assert readiness.problems() == []


def test_a_receiver_that_reports_no_more_is_told(readiness: Readiness, publish: Callable[..., None]) -> None:
    publish(written_at=datetime.now(UTC) - timedelta(seconds=40))

    assert readiness.problems() == ["the receiver has not reported for 40 s, see the log"]


def test_a_receiver_that_never_reported_is_told(readiness: Readiness, tmp_path: Path) -> None:
    assert not (tmp_path / FILE_NAME).exists()
    assert readiness.problems() == ["the receiver has not reported yet, see the log"]
