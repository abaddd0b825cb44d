import stat
from datetime import date
from pathlib import Path

import pytest

from collector.journal import segment_id
from collector.journal.segment import Folders, Segment, segments
from collector.journal.segment_id import SegmentIds

ID = "0199b5c0aaaa7bbb8cccddddeeeeffff"


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        (f"traces-{ID}-20261030.otlp", Segment("traces", ID, date(2026, 10, 30))),
        (f"traces-{ID}-20261030-512.otlp", Segment("traces", ID, date(2026, 10, 30), 512)),
    ],
)
def test_a_name_says_what_the_segment_is(name: str, segment: Segment) -> None:
    assert Segment.parse(name) == segment
    assert segment.file_name == name


@pytest.mark.parametrize(
    "name", ["", "lock", f"traces-{ID}.otlp", f"traces-{ID}-20261399-1.otlp", f"../x-{ID}.otlp"]
)
def test_other_names_are_no_segments(name: str) -> None:
    with pytest.raises(ValueError, match=r"not a segment's name|month must be"):
        Segment.parse(name)


def test_folders_are_for_the_service_alone(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data")

    folders.create()
    folders.create()

    for folder in (folders.data_dir, folders.open, folders.sealed, folders.archive, folders.quarantine):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_segments_are_listed_oldest_first_and_strangers_are_not(tmp_path: Path) -> None:
    ids = SegmentIds()
    made = [Segment("traces", ids.next(), date(2026, 10, 30), rows) for rows in (1, 2, 3)]
    for segment in reversed(made):
        (tmp_path / segment.file_name).touch()
    (tmp_path / "stranger.otlp").touch()

    assert segments(tmp_path) == made


def test_ids_ascend_within_a_millisecond_and_when_the_clock_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = SegmentIds()
    made = [ids.next() for _ in range(1_000)]
    monkeypatch.setattr(segment_id.time, "time_ns", lambda: 0)
    made.append(ids.next())

    assert made == sorted(set(made))
    assert {(len(each), each[12]) for each in made} == {(32, "7")}


def test_ids_are_higher_than_the_highest_known(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = SegmentIds().next()
    monkeypatch.setattr(segment_id.time, "time_ns", lambda: 0)

    assert SegmentIds(after=newest).next() > newest
