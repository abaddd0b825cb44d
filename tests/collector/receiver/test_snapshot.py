from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from collector.errors import DecodeError, Overloaded, Unauthenticated
from collector.journal.journal import Journal
from collector.journal.segment import Folders, Segment
from collector.journal.segment_id import SegmentIds
from collector.receiver.counters import Counters
from collector.receiver.publisher import Publisher
from collector.receiver.snapshot import FILE_NAME, Snapshot, read_snapshot

DAY = date(2026, 10, 30)


def some_counters() -> Counters:
    counters = Counters()
    counters.accept("http/json", "shop", 5, {"span_id is all zeros": 2}, repaired_strings=3)
    counters.refuse("grpc/protobuf", DecodeError("wrong"))
    counters.refuse("grpc/protobuf", Overloaded("full"))
    counters.fail("grpc/protobuf", "bank", 7)
    counters.limit("bank")
    counters.refuse("http/json", Unauthenticated("no key"))
    return counters


def some_snapshot(segment: str = "0" * 32, sealed_spans: int = 0) -> Snapshot:
    return Snapshot(
        written_at=datetime(2026, 10, 30, 12, tzinfo=UTC),
        pid=1,
        problem=None,
        spans_accepted=sealed_spans,
        journal_backlog_bytes=2,
        journal_written_bytes=3,
        sealed_segment=segment,
        sealed_spans=sealed_spans,
        counters=some_counters(),
    )


def publisher_over(folders: Folders) -> Publisher:
    journal = Journal(folders)
    try:
        return Publisher(folders, journal, lambda: None)
    finally:
        journal.close()


def test_a_snapshot_reads_back_as_it_was_written(tmp_path: Path) -> None:
    snapshot = some_snapshot()

    snapshot.write(tmp_path / FILE_NAME)

    assert read_snapshot(tmp_path / FILE_NAME) == snapshot
    assert (snapshot.ready, snapshot.spans_rejected, snapshot.spans_failed) == (True, 2, 7)
    assert list(tmp_path.iterdir()) == [tmp_path / FILE_NAME]


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b'{"written_at": 5}'])
def test_a_file_that_is_no_snapshot_is_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)

    assert read_snapshot(tmp_path / FILE_NAME) is None


def test_spans_accepted_go_on_from_the_segments_that_the_last_snapshot_did_not_know(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.create()
    ids = SegmentIds()
    known, archived, sealed = (Segment("traces", ids.next(), DAY, rows) for rows in (10, 20, 30))
    for folder, segment in ((folders.archive, known), (folders.archive, archived), (folders.sealed, sealed)):
        (folder / segment.file_name).touch()
    some_snapshot(known.id, sealed_spans=1_000).write(tmp_path / FILE_NAME)

    snapshot = publisher_over(folders).snapshot()

    assert snapshot.spans_accepted == 1_050
    assert snapshot.sealed_segment == sealed.id
    assert snapshot.counters == some_counters()


def test_without_a_snapshot_what_is_on_disk_counts(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.create()
    (folders.archive / Segment("traces", SegmentIds().next(), DAY, 10).file_name).touch()

    assert publisher_over(folders).snapshot().spans_accepted == 10
