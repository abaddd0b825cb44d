import errno
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest

from collector.errors import JournalFailed, JournalInUse, Overloaded
from collector.journal import durable, open_segment, space
from collector.journal.journal import Journal
from collector.journal.record import records
from collector.journal.segment import Folders, Segment, segments
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.waiting import eventually

BODY = body(span())


@contextmanager
def journal_in(folders: Folders, **settings: Any) -> Iterator[Journal]:
    """A journal that does not mind how full this machine's disk is."""
    journal = Journal(folders, **({"free_bytes_min": 0, "free_ratio_min": 0.0} | settings))
    try:
        yield journal
    finally:
        journal.close()


def sealed_bodies(folders: Folders) -> list[bytes]:
    files = [folders.sealed / segment.file_name for segment in segments(folders.sealed)]
    return [record.body for file in files for record in records(file.read_bytes())]


def open_bodies(folders: Folders) -> list[bytes]:
    files = [folders.open / segment.file_name for segment in segments(folders.open)]
    return [record.body for file in files for record in records(file.read_bytes())]


def test_what_is_stored_is_in_a_file_before_the_future_is_done(folders: Folders) -> None:
    with journal_in(folders, segment_age_s_max=60) as journal:
        journal.append(BODY, 1, "default").result(timeout=60)

        assert open_bodies(folders) == [BODY]


def test_closing_seals_the_segment_under_its_number_of_spans(folders: Folders) -> None:
    with journal_in(folders, segment_age_s_max=60) as journal:
        wait([journal.append(BODY, 3, "default"), journal.append(BODY, 4, "default")])

    (segment,) = segments(folders.sealed)
    assert segment.rows == 7
    assert segment.day == datetime.now(UTC).date()
    assert sealed_bodies(folders) == [BODY, BODY]
    assert segments(folders.open) == []


def test_a_segment_is_sealed_at_its_age_without_further_records(folders: Folders) -> None:
    with journal_in(folders, segment_age_s_max=0.05) as journal:
        journal.append(BODY, 1, "default").result(timeout=60)

        eventually(lambda: sealed_bodies(folders) == [BODY])


def test_a_segment_is_sealed_before_it_grows_beyond_its_size(folders: Folders) -> None:
    with journal_in(folders, segment_bytes_max=10 * len(BODY), segment_age_s_max=60) as journal:
        for _ in range(30):
            journal.append(BODY, 1, "default").result(timeout=60)

    sizes = [(folders.sealed / segment.file_name).stat().st_size for segment in segments(folders.sealed)]
    assert len(sizes) > 3
    assert max(sizes) <= 10 * len(BODY)
    assert len(sealed_bodies(folders)) == 30


def test_a_request_larger_than_a_segment_has_one_of_its_own(folders: Folders) -> None:
    large = body(span("large", {"text": "x" * 10_000}))
    with journal_in(folders, segment_bytes_max=1_000, segment_age_s_max=60) as journal:
        wait([journal.append(each, 1, "default") for each in (BODY, large, BODY)])

    assert sealed_bodies(folders) == [BODY, large, BODY]
    assert len(segments(folders.sealed)) == 3


def test_a_segment_holds_one_day(folders: Folders) -> None:
    midnight = int(datetime(2026, 10, 31, tzinfo=UTC).timestamp()) * 10**9
    clock = iter([midnight - 1, midnight, midnight + 1])
    with journal_in(folders, segment_age_s_max=60, now_unix_nano=lambda: next(clock)) as journal:
        for _ in range(3):
            journal.append(BODY, 1, "default").result(timeout=60)

    days = [(segment.day, segment.rows) for segment in segments(folders.sealed)]
    assert days == [(date(2026, 10, 30), 1), (date(2026, 10, 31), 2)]


def test_nothing_written_is_no_file(folders: Folders) -> None:
    with journal_in(folders):
        pass

    assert list(folders.open.iterdir()) == list(folders.sealed.iterdir()) == []


def test_all_who_wait_share_one_sync(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    syncing, go_on, syncs = threading.Event(), threading.Event(), []

    def slow_sync(descriptor: int) -> None:
        syncs.append(descriptor)
        syncing.set()
        go_on.wait()

    with journal_in(folders, segment_age_s_max=60) as journal:
        monkeypatch.setattr(open_segment.os, "fdatasync", slow_sync)
        futures = [journal.append(BODY, 1, "default")]
        syncing.wait()
        futures += [journal.append(BODY, 1, "default") for _ in range(50)]
        go_on.set()
        wait(futures)

    assert len(syncs) == 2
    assert len(sealed_bodies(folders)) == 51


def test_threads_that_append_at_once_lose_nothing(folders: Folders) -> None:
    bodies = [[body(span(f"{writer}-{number}")) for number in range(50)] for writer in range(8)]
    with journal_in(folders, segment_bytes_max=20_000, segment_age_s_max=0.02) as journal:
        threads = [
            threading.Thread(target=lambda mine=mine: [journal.append(one, 1, "p").result() for one in mine])
            for mine in bodies
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(sealed_bodies(folders)) == sorted(one for mine in bodies for one in mine)
    assert sum(segment.rows for segment in segments(folders.sealed)) == 400


def test_short_writes_are_completed(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(durable.os, "write", lambda descriptor, data: write(descriptor, bytes(data[:7])))

    with journal_in(folders) as journal:
        journal.append(BODY, 1, "default").result(timeout=60)

    assert sealed_bodies(folders) == [BODY]


@pytest.mark.parametrize("call", ["fdatasync", "write", "open"])
def test_an_error_of_the_disk_fails_all_and_for_good(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    failing, go_on, calls = threading.Event(), threading.Event(), []

    def fail(*_: Any) -> None:
        calls.append(call)
        failing.set()
        go_on.wait()
        raise OSError(errno.EIO, "the disk is broken")

    with journal_in(folders, segment_age_s_max=60) as journal:
        monkeypatch.setattr(open_segment.os if call != "write" else durable.os, call, fail)
        futures = [journal.append(BODY, 1, "default")]
        failing.wait()
        futures += [journal.append(BODY, 1, "default") for _ in range(10)]
        go_on.set()

        errors = [future.exception(timeout=60) for future in futures]
        assert {type(error) for error in errors} == {JournalFailed}
        assert "the disk is broken" in str(journal.failure)
        with pytest.raises(JournalFailed):
            journal.append(BODY, 1, "default")

        monkeypatch.undo()
        with pytest.raises(JournalFailed):
            journal.append(BODY, 1, "default")
    assert calls == [call]


def test_an_error_while_sealing_keeps_what_was_stored(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(open_segment, "move", fail)
    with journal_in(folders, segment_age_s_max=0.01) as journal:
        stored = journal.append(BODY, 1, "default")
        eventually(lambda: journal.failure)

        assert stored.exception() is None
        assert open_bodies(folders) == [BODY]


def test_one_who_stops_waiting_does_not_stop_the_others(folders: Folders) -> None:
    with journal_in(folders) as journal:
        stored: Future[None] = journal.append(BODY, 1, "default")

        assert not stored.cancel()
        assert stored.result(timeout=60) is None


def test_after_closing_nothing_is_taken(folders: Folders) -> None:
    with journal_in(folders) as journal:
        pass

    with pytest.raises(Overloaded):
        journal.append(BODY, 1, "default")


def test_two_processes_do_not_share_a_journal(folders: Folders) -> None:
    with journal_in(folders), pytest.raises(JournalInUse, match="another process"), journal_in(folders):
        pass
    with journal_in(folders):
        pass


def test_what_a_killed_process_left_is_sealed_before_anything_is_written(folders: Folders) -> None:
    with journal_in(folders, segment_age_s_max=60) as journal:
        journal.append(BODY, 1, "default").result(timeout=60)
        (left,) = segments(folders.open)
        data = (folders.open / left.file_name).read_bytes()
    for path in folders.sealed.iterdir():
        path.unlink()
    (folders.open / left.file_name).write_bytes(data)

    with journal_in(folders) as journal:
        assert [segment.id for segment in segments(folders.sealed)] == [left.id]
        assert journal.progress().segment == left.id


def test_a_full_journal_refuses_and_takes_again_when_it_was_loaded(folders: Folders) -> None:
    with journal_in(folders, segment_age_s_max=0.01, journal_bytes_max=len(BODY)) as journal:
        journal.append(BODY, 1, "default").result(timeout=60)
        eventually(lambda: journal.refusal)

        with pytest.raises(Overloaded, match="the journal holds"):
            journal.append(BODY, 1, "default")
        assert journal.backlog_bytes > len(BODY)

        for path in folders.sealed.iterdir():
            path.unlink()
        eventually(lambda: journal.refusal is None)
        journal.append(BODY, 1, "default").result(timeout=60)


class DiskUsage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free_bytes_min", "free_ratio_min"), [(2_000, 0.0), (0, 0.2)], ids=["by bytes", "by ratio"]
)
def test_a_disk_below_its_floor_refuses_until_there_is_room(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, free_bytes_min: int, free_ratio_min: float
) -> None:
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: DiskUsage(10_000, 9_000, 1_000))
    floor = {"free_bytes_min": free_bytes_min, "free_ratio_min": free_ratio_min}
    with journal_in(folders, **floor) as journal:
        with pytest.raises(Overloaded, match="1000 bytes of disk are free, 2000 have to stay") as refused:
            journal.append(BODY, 1, "default")
        assert refused.value.retry_after_s == 10

        monkeypatch.setattr(space.shutil, "disk_usage", lambda _: DiskUsage(10_000, 5_000, 5_000))
        eventually(lambda: journal.refusal is None)
        journal.append(BODY, 1, "default").result(timeout=60)


def test_progress_counts_what_is_sealed_and_what_is_open(folders: Folders) -> None:
    with journal_in(folders, segment_age_s_max=60) as journal:
        journal.append(BODY, 5, "default").result(timeout=60)
        opened = journal.progress()
    closed = journal.progress()

    assert (opened.sealed_items, opened.open_items) == (0, 5)
    assert (closed.sealed_items, closed.open_items) == (5, 0)
    assert closed.segment == segments(folders.sealed)[0].id
    assert closed.written_bytes > len(BODY)


def test_files_are_for_the_service_alone(folders: Folders) -> None:
    with journal_in(folders) as journal:
        journal.append(BODY, 1, "default").result(timeout=60)

    (segment,) = segments(folders.sealed)
    assert isinstance(segment, Segment)
    assert (folders.sealed / segment.file_name).stat().st_mode & 0o777 == 0o600
