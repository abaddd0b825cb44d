"""Packs of loaded segments, which tar and zstd read as well.

A quiet service seals four segments a second. As files of their own they would be 345,600 a day, of
4 KiB of disk each however small; together they are one a minute, and a fifth of their bytes.
"""

import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pyarrow as pa

from collector.journal.durable import sync_file, sync_folder
from collector.journal.pack_name import PackName
from collector.journal.segment import Segment

UNFINISHED = ".unfinished"
# The first member says what the others are, so that nobody has to unpack them to know.
_INDEX = "segments.txt"


def write_pack(folder: Path, segments: Sequence[Segment]) -> Path:
    """Pack segments that lie in `folder`, durably, and remove their own files.

    The pack has the time of the segment that was loaded last.
    """
    path = folder / PackName(segments[0].id, segments[-1].id).file_name
    files = [folder / segment.file_name for segment in segments]
    with _written(path, [file.name for file in files], max(file.stat().st_mtime for file in files)) as tar:
        for file in files:
            tar.add(file, arcname=file.name)
    for file in files:
        file.unlink()
    return path


def rewrite_pack(pack: Path, kept: Sequence[Segment]) -> None:
    """Leave only some of a pack's segments in it, durably. A kill may leave those twice, which is right."""
    names = [segment.file_name for segment in kept]
    path, wanted = pack.with_name(PackName(kept[0].id, kept[-1].id).file_name), set(names)
    with _opened(pack) as old, _written(path, names, pack.stat().st_mtime) as new:
        for member in old:
            if member.name in wanted:
                new.addfile(member, old.extractfile(member))
    if path != pack:
        pack.unlink()
        sync_folder(pack.parent)


def names_in(pack: Path) -> list[Segment]:
    """Return the segments that a pack holds. Raises OSError where it cannot be read."""
    with _opened(pack) as tar:
        index = tar.next()
        text = tar.extractfile(index) if index else None
        return [Segment.parse(line) for line in text.read().decode().splitlines()] if text else []


def read_pack(pack: Path) -> Iterator[tuple[Segment, bytes]]:
    """Return the segments in a pack, and the bytes of each. Raises OSError where it cannot be read."""
    with _opened(pack) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file and member.name != _INDEX:
                yield Segment.parse(member.name), file.read()


@contextmanager
def _opened(pack: Path) -> Iterator[tarfile.TarFile]:
    try:
        with (
            pa.input_stream(pack, compression="zstd") as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            yield tar
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise OSError(f"{pack} cannot be read: {error}") from error


def remove_unfinished(folder: Path) -> None:
    """Remove what a kill has left; the segments' own files are still there."""
    for path in folder.glob(f"*{UNFINISHED}"):
        path.unlink()


@contextmanager
def _written(path: Path, names: Sequence[str], loaded_s: float) -> Iterator[tarfile.TarFile]:
    """Take the members of a new pack, and put it in its place, whole and durable, after the last."""
    unfinished = path.with_suffix(UNFINISHED)
    target = open(unfinished, "wb", opener=_private)  # noqa: SIM115 - the stream around it closes it
    with (
        pa.CompressedOutputStream(target, "zstd") as compressed,
        tarfile.open(fileobj=compressed, mode="w|") as tar,
    ):
        lines = "".join(f"{name}\n" for name in names).encode()
        index = tarfile.TarInfo(_INDEX)
        index.size = len(lines)
        tar.addfile(index, BytesIO(lines))
        yield tar
    sync_file(unfinished)
    os.utime(unfinished, (loaded_s, loaded_s))
    unfinished.rename(path)
    sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
