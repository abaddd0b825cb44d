"""Which sealed segments are loaded together.

A segment of a quiet minute holds a handful of spans, and an insert costs 0.1 s however few they
are. So the segments that wait are inserted together, as one part, as long as they are small; each
is still counted and verified by its own id.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from collector.journal.segment import Folders, Segment, segments

# One full segment: of two, an insert takes 1 us a span less and the core, with two loaders, 400 MB more.
BYTES_MAX = 32 << 20
SEGMENTS_MAX = 64


def next_batch(
    folders: Folders, is_taken: Callable[[str], bool], bytes_max: int = BYTES_MAX
) -> Sequence[Segment]:
    """Return the oldest sealed segments of one signal and day that nobody works on, as many as fit."""
    waiting = [one for one in segments(folders.sealed) if not is_taken(one.file_name)]
    alike = (s for s in waiting if (s.signal, s.day) == (waiting[0].signal, waiting[0].day))
    return list(_fitting(alike, folders.sealed, bytes_max))


def _fitting(segments: Iterable[Segment], folder: Path, bytes_max: int) -> Iterable[Segment]:
    size = 0
    for number, segment in enumerate(segments):
        size += (folder / segment.file_name).stat().st_size
        if number and (size > bytes_max or number == SEGMENTS_MAX):
            return
        yield segment
