"""Loaded segments are packed, kept within bounds, and readable by other tools."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from collector.journal.journal import Journal
from collector.journal.segment import Folders, Segment
from collector.loader.archive import Archive, archived_files, read_segments, segments_in
from tests.builders import request, span
from tests.segments import seal

BODY = request(span("kept", {"text": "x" * 1000})).SerializeToString()
EVERYTHING = "f" * 32


def archived(folders: Folders, number: int) -> list[Segment]:
    """Segments as the loader puts them into the archive."""
    found = [seal(folders, [BODY], received_unix_nano=(n + 1) * 10**15) for n in range(number)]
    for segment in found:
        (folders.sealed / segment.file_name).rename(folders.archive / segment.file_name)
    return found


def archive(folders: Folders, **settings: object) -> Archive:
    bounds = {"bytes_max": 1 << 30, "age_s_max": 3600.0, "counted": lambda _: EVERYTHING} | settings
    return Archive(folders.archive, **bounds)  # type: ignore[arg-type]


def test_what_was_loaded_becomes_one_small_file_for_the_service_alone(folders: Folders) -> None:
    found = archived(folders, 20)
    whole = {one: (folders.archive / one.file_name).read_bytes() for one in found}

    archive(folders).pack()

    (pack,) = folders.archive.iterdir()
    assert segments_in(pack) == found
    assert dict(read_segments(pack)) == whole
    assert pack.stat().st_mode & 0o777 == 0o600
    assert pack.stat().st_size < sum(map(len, whole.values())) / 4
    assert time.time() - pack.stat().st_mtime < 60


def test_a_pack_is_read_by_tar_and_zstd(folders: Folders) -> None:
    (segment,) = archived(folders, 1)
    archive(folders).pack()
    (pack,) = folders.archive.iterdir()

    listed = subprocess.run(["tar", "--zstd", "-tf", pack], capture_output=True, text=True, check=False)
    if "zstd" in listed.stderr:
        pytest.skip("tar has no zstd here")

    assert listed.stdout.splitlines() == ["segments.txt", segment.file_name]


def test_what_the_receiver_has_not_counted_yet_stays_as_it_is(folders: Folders) -> None:
    found = archived(folders, 3)

    archive(folders, counted=lambda _: found[1].id).pack()

    loose = [path.name for path in archived_files(folders.archive) if path.suffix == ".otlp"]
    assert loose == [found[2].file_name]


def test_the_oldest_go_first_when_it_is_too_large(folders: Folders) -> None:
    found = archived(folders, 5)
    size = (folders.archive / found[0].file_name).stat().st_size

    archive(folders, bytes_max=2 * size, counted=lambda _: "").purge()

    assert [path.name for path in archived_files(folders.archive)] == [one.file_name for one in found[3:]]


def test_what_was_loaded_too_long_ago_goes(folders: Folders) -> None:
    old, young = archived(folders, 2)
    os.utime(folders.archive / old.file_name, (0, time.time() - 3601))

    archive(folders, counted=lambda _: "").purge()

    assert [path.name for path in archived_files(folders.archive)] == [young.file_name]


def test_nothing_is_left_when_it_is_erased(folders: Folders) -> None:
    archived(folders, 2)
    one = archive(folders)
    one.pack()
    archived(folders, 1)

    one.erase(lambda _: True)

    assert not list(folders.archive.iterdir())


def test_of_a_pack_some_segments_are_erased_and_the_others_stay(folders: Folders) -> None:
    first, second, third = archived(folders, 3)
    one = archive(folders)
    one.pack()
    before = archived_files(folders.archive)[0].stat().st_mtime

    one.erase(lambda segment: segment == second)

    (pack,) = folders.archive.iterdir()
    assert segments_in(pack) == [first, third]
    assert [segment for segment, _ in read_segments(pack)] == [first, third]
    assert pack.stat().st_mtime == before


def test_a_pack_is_written_anew_at_once(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    of_pack = archived(folders, 20)
    one = archive(folders)
    one.pack()
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)

    one.erase(lambda segment: segment == of_pack[0])

    (pack,) = folders.archive.iterdir()
    assert segments_in(pack) == of_pack[1:]
    # the new pack, its name, and that the old one is gone
    assert len(synced) == 3


def test_new_segments_come_after_those_that_are_packed(folders: Folders) -> None:
    far_ahead = Segment("traces", "e" * 32, archived(folders, 1)[0].day, 1)
    (loose,) = folders.archive.iterdir()
    loose.rename(folders.archive / far_ahead.file_name)
    archive(folders).pack()

    journal = Journal(folders, free_bytes_min=0, free_ratio_min=0.0)
    journal.close()

    assert journal.progress().segment == far_ahead.id


def test_a_pack_that_a_kill_left_half_written_is_written_again(folders: Folders) -> None:
    found = archived(folders, 2)
    Path(folders.archive / "half.tar.unfinished").write_bytes(b"half")

    archive(folders).pack()

    (pack,) = folders.archive.iterdir()
    assert segments_in(pack) == found


def test_a_pack_that_the_disk_changed_is_an_error_of_the_disk(folders: Folders) -> None:
    archived(folders, 2)
    archive(folders).pack()
    (pack,) = folders.archive.iterdir()
    pack.write_bytes(pack.read_bytes()[:50])

    with pytest.raises(OSError, match=r"Truncated|cannot be read"):
        list(read_segments(pack))
