"""The journal: what a client is told is stored is on disk first."""

import fcntl
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime

from collector.errors import JournalFailed, JournalInUse, Overloaded
from collector.journal.flusher import Flusher, Progress
from collector.journal.pack_name import PackName
from collector.journal.quarantined import quarantined
from collector.journal.record import frame
from collector.journal.recovery import recover
from collector.journal.segment import Folders, segments
from collector.journal.space import RETRY_AFTER_S, Space
from collector.otlp.signal import Signal

_LOOK_EVERY_S = 1.0
_NANOSECONDS = 1_000_000_000


class Journal:
    """Takes accepted requests and says when they are on disk.

    Parameters
    ----------
    folders
        Created when missing. What a killed process left open there is recovered first.
    segment_bytes_max, segment_age_s_max
        A segment is handed to the loader at either: 32 MiB load as one block, and 0.25 s keep
        spans queryable within two seconds.
    journal_bytes_max, free_bytes_min, free_ratio_min
        See `Space`: past them `append` refuses, until there is room again.
    now_unix_nano
        The clock that says when a request was received.

    Raises
    ------
    JournalInUse
        Another process writes it.
    OSError
        The folders cannot be written.
    """

    def __init__(
        self,
        folders: Folders,
        segment_bytes_max: int = 32 << 20,
        segment_age_s_max: float = 0.25,
        *,
        journal_bytes_max: int = 20 << 30,
        free_bytes_min: int = 2 << 30,
        free_ratio_min: float = 0.1,
        now_unix_nano: Callable[[], int] = time.time_ns,
    ) -> None:
        folders.create()
        self._lock = _lock(folders)
        recover(folders)
        self._now_unix_nano = now_unix_nano
        self._space = Space(folders, journal_bytes_max, free_bytes_min, free_ratio_min)
        self._flushers = {
            signal: Flusher(folders, signal, segment_bytes_max, segment_age_s_max, Progress(_newest(folders)))
            for signal in (Signal.TRACES, Signal.LOGS)
        }
        self._closed = threading.Event()
        threading.Thread(target=self._watch_space, name="journal-space", daemon=True).start()

    @property
    def failure(self) -> str | None:
        """Why this process will never write again, or None."""
        return next((each.failure for each in self._flushers.values() if each.failure), None)

    @property
    def refusal(self) -> str | None:
        """Why nothing is taken now, or None."""
        return self.failure or self._space.refusal

    def progress(self, signal: Signal = Signal.TRACES) -> Progress:
        """What was written since the start."""
        return self._flushers[signal].progress

    @property
    def backlog_bytes(self) -> int:
        """Bytes on disk that are not loaded, as of the last second."""
        return self._space.journal_bytes

    @property
    def backlog_since_s(self) -> float:
        """When the oldest segment that is not loaded was written; infinity when there is none."""
        return self._space.journal_since_s

    def append(self, body: bytes, items: int, project: str, signal: Signal = Signal.TRACES) -> Future[None]:
        """Queue a request; the future is done when it is on disk, or has JournalFailed.

        Parameters
        ----------
        body
            A request of traces or logs with no field of its own but 1.
        items
            How many spans or log records are in it.

        Raises
        ------
        JournalFailed, Overloaded
            It was not taken.
        """
        if self.failure is not None:
            raise JournalFailed(self.failure)
        if self._space.refusal is not None:
            raise Overloaded(self._space.refusal, RETRY_AFTER_S)
        received_unix_nano = self._now_unix_nano()
        day = datetime.fromtimestamp(received_unix_nano // _NANOSECONDS, UTC).date()
        return self._flushers[signal].put(frame(body, project, received_unix_nano), items, day)

    def close(self) -> None:
        """Write what waits, seal the segments, and take no more."""
        self._closed.set()
        for flusher in self._flushers.values():
            flusher.close()
        os.close(self._lock)

    def _watch_space(self) -> None:
        while not self._closed.wait(_LOOK_EVERY_S):
            self._space.look()


def _lock(folders: Folders) -> int:
    """Two writers would recover each other's open segments."""
    descriptor = os.open(folders.open.parent / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise JournalInUse(f"{folders.open.parent} is written by another process") from None
    return descriptor


def _newest(folders: Folders) -> str:
    known = [segment.id for folder in (folders.sealed, folders.archive) for segment in segments(folder)]
    apart = [piece.segment for piece in quarantined(folders.quarantine)]
    names = (PackName.parse(path.name) for path in folders.archive.iterdir())
    packed = [name.highest for name in names if name]
    return max([*known, *apart, *packed], default="0" * 32)
