"""Loaded segments are kept a while, to be loaded again if the store has lost them; then they go.

A segment arrives as the file that it was, by a rename: loading waits for no compression. Later they
are packed (`pack.py`), and the oldest deleted.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from collector.journal.durable import sync_folder
from collector.journal.pack_name import PackName
from collector.journal.segment import Segment, segments
from collector.loader.pack import names_in, read_pack, remove_unfinished, rewrite_pack, write_pack
from collector.otlp.signal import Signal

# Before compression; what is read at once when a pack is replayed.
_PACK_BYTES_MAX = 64 << 20
_PACK_SEGMENTS_MAX = 2_000


class Archive:
    """The folder of loaded segments.

    Parameters
    ----------
    bytes_max, age_s_max
        Beyond either the oldest go. The age is that since the loading.
    counted
        Id of the newest segment whose spans the receiver has in its published totals: a start of the
        receiver counts those after it by their files, which therefore stay as they are.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bytes_max: int,
        age_s_max: float,
        counted: Callable[[Signal], str] = lambda _: "",
    ) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._age_s_max = age_s_max
        self._counted = counted
        self._lock = threading.Lock()
        remove_unfinished(folder)

    def pack(self) -> None:
        """Put what was loaded into packs."""
        with self._lock:
            counted = {signal: self._counted(signal) for signal in Signal}
            loaded = [one for one in segments(self._folder) if one.id <= counted[one.signal]]
            while fitting := self._fitting(loaded):
                write_pack(self._folder, fitting)
                loaded = loaded[len(fitting) :]

    def purge(self) -> None:
        """Delete what is over the size or the age, the oldest first."""
        with self._lock:
            files = [(file, file.stat()) for file in archived_files(self._folder)]
            held_bytes = sum(status.st_size for _, status in files)
            for file, status in files:
                if held_bytes > self._bytes_max or time.time() - status.st_mtime > self._age_s_max:
                    file.unlink()
                    held_bytes -= status.st_size

    def erase(self, is_erased: Callable[[Segment], bool]) -> None:
        """Delete some segments' copies, before their rows are deleted from the store.

        What is archived and not in the store is loaded again at the next start, so copies go first.
        """
        with self._lock:
            for file in archived_files(self._folder):
                self._erase_from(file, is_erased)

    def _erase_from(self, file: Path, is_erased: Callable[[Segment], bool]) -> None:
        found = segments_in(file)
        kept = [segment for segment in found if not is_erased(segment)]
        if not kept:
            file.unlink()
            sync_folder(self._folder)
        elif len(kept) < len(found):
            rewrite_pack(file, kept)

    def _fitting(self, loaded: Sequence[Segment]) -> Sequence[Segment]:
        size = 0
        for number, segment in enumerate(loaded[:_PACK_SEGMENTS_MAX]):
            size += (self._folder / segment.file_name).stat().st_size
            if number and size > _PACK_BYTES_MAX:
                return loaded[:number]
        return loaded[:_PACK_SEGMENTS_MAX]


def archived_files(folder: Path) -> list[Path]:
    """Return packs and single segments, the oldest first; other files are none of ours."""
    packs = (path for path in folder.iterdir() if PackName.parse(path.name))
    return sorted([*packs, *(folder / one.file_name for one in segments(folder))], key=_highest_id)


def segments_in(file: Path) -> list[Segment]:
    """Return the segments of an archived file."""
    return names_in(file) if PackName.parse(file.name) else [Segment.parse(file.name)]


def read_segments(file: Path) -> Iterator[tuple[Segment, bytes]]:
    """Return the segments of an archived file with their bytes."""
    if PackName.parse(file.name):
        yield from read_pack(file)
    else:
        yield Segment.parse(file.name), file.read_bytes()


def _highest_id(file: Path) -> str:
    pack = PackName.parse(file.name)
    return pack.highest if pack else Segment.parse(file.name).id
