"""The segment that is being written."""

import os
import time
from dataclasses import replace
from datetime import date

from prometheus_client import Histogram

from collector.journal.durable import move, sync_folder, write_all
from collector.journal.segment import Folders, Segment
from collector.otlp.signal import Signal

_FSYNC_S = Histogram(
    "doldrums_receiver_journal_fsync_seconds",
    "Time until the disk has what was written; all requests that wait share one",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)


class OpenSegment:
    """Appends to a new file in `journal/open`. Whatever it raises, the file is not to be used again.

    After a failed fsync the kernel may take pages for written that are not, so a second one
    that succeeds proves nothing.
    """

    def __init__(self, folders: Folders, signal: Signal, segment_id: str, day: date) -> None:
        self._folders = folders
        self._segment = Segment(signal, segment_id, day)
        self._path = folders.open / self._segment.file_name
        self._descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        self._opened_s = time.monotonic()
        self.written_bytes = 0
        self.items = 0
        sync_folder(folders.open)

    @property
    def day(self) -> date:
        return self._segment.day

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._opened_s

    def append(self, data: bytes, items: int) -> None:
        """Write records and wait until they are on disk."""
        write_all(self._descriptor, data)
        with _FSYNC_S.time():
            os.fdatasync(self._descriptor)
        self.written_bytes += len(data)
        self.items += items

    def seal(self) -> Segment:
        """Close it and hand it to the loader."""
        os.fsync(self._descriptor)
        os.close(self._descriptor)
        sealed = replace(self._segment, rows=self.items)
        move(self._path, self._folders.sealed / sealed.file_name)
        return sealed
