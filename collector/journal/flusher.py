"""The thread that writes: it takes all that wait, writes and syncs once, and wakes them."""

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date

import structlog

from collector.errors import JournalFailed, Overloaded
from collector.journal.batch import Batch
from collector.journal.open_segment import OpenSegment
from collector.journal.segment import Folders
from collector.journal.segment_id import SegmentIds
from collector.otlp.signal import Signal

log = structlog.get_logger()


@dataclass(frozen=True)
class Progress:
    """What was written since the start.

    Attributes
    ----------
    segment
        Id of the segment sealed last.
    sealed_items
        Spans or log records in all that were sealed, up to that one.
    open_items
        Those in the segment that is being written.
    written_bytes
        All that was written.
    """

    segment: str
    sealed_items: int = 0
    open_items: int = 0
    written_bytes: int = 0


class Flusher:
    """Writes the records of one signal to one segment after the other.

    An error of the disk fails all that wait, and everything after: `failure` says why.

    Parameters
    ----------
    segment_bytes_max, segment_age_s_max
        A segment is sealed at either. A single larger record makes a larger segment.
    progress
        Names the newest segment there is.
    """

    def __init__(
        self,
        folders: Folders,
        signal: Signal,
        segment_bytes_max: int,
        segment_age_s_max: float,
        progress: Progress,
    ) -> None:
        self.progress = progress
        self.failure: str | None = None
        self._folders = folders
        self._signal = signal
        self._segment_bytes_max = segment_bytes_max
        self._segment_age_s_max = segment_age_s_max
        self._ids = SegmentIds(after=progress.segment)
        self._segment: OpenSegment | None = None
        self._batches: deque[Batch] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=f"journal-{signal}", daemon=True)
        self._thread.start()

    def put(self, record: bytes, items: int, day: date) -> Future[None]:
        """Queue a record; the future is done when it is on disk, or has JournalFailed.

        Raises
        ------
        JournalFailed, Overloaded
            It was not taken.
        """
        with self._changed:
            if self.failure is not None:
                raise JournalFailed(self.failure)
            if self._closing:
                raise Overloaded("the receiver is stopping")
            if not self._batches or not self._fits(record, day):
                self._batches.append(Batch(day))
            batch = self._batches[-1]
            batch.add(record, items)
            self._changed.notify()
        return batch.stored

    def close(self) -> None:
        """Write what waits, seal the segment, and take no more."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _fits(self, record: bytes, day: date) -> bool:
        batch = self._batches[-1]
        return batch.day == day and batch.frames_bytes + len(record) <= self._segment_bytes_max

    def _run(self) -> None:
        batch = None
        try:
            while not self._closing or self._batches:
                batch = self._next_batch()
                if batch is not None:
                    self._write(batch)
                if self._segment is not None and self._seal_in_s(self._segment) <= 0:
                    self._seal(self._segment)
            if self._segment is not None:
                self._seal(self._segment)
        except Exception as error:  # noqa: BLE001  whatever it is, those who wait must hear of it
            self._fail(error, batch)

    def _next_batch(self) -> Batch | None:
        """Wait for records; None when the segment's time or the end comes first."""
        with self._changed:
            while not self._batches and not self._closing:
                wait_s = None if self._segment is None else self._seal_in_s(self._segment)
                if wait_s is not None and wait_s <= 0:
                    return None
                self._changed.wait(wait_s)
            return self._batches.popleft() if self._batches else None

    def _seal_in_s(self, segment: OpenSegment) -> float:
        if segment.written_bytes >= self._segment_bytes_max:
            return 0
        return self._segment_age_s_max - segment.age_s

    def _write(self, batch: Batch) -> None:
        segment = self._segment
        if segment is not None and (
            segment.day != batch.day or segment.written_bytes + batch.frames_bytes > self._segment_bytes_max
        ):
            self._seal(segment)
        if self._segment is None:
            self._segment = OpenSegment(self._folders, self._signal, self._ids.next(), batch.day)
        self._segment.append(b"".join(batch.frames), batch.items)
        written_bytes = self.progress.written_bytes + batch.frames_bytes
        self.progress = replace(self.progress, open_items=self._segment.items, written_bytes=written_bytes)
        batch.stored.set_result(None)

    def _seal(self, segment: OpenSegment) -> None:
        sealed = segment.seal()
        self._segment = None
        sealed_items = self.progress.sealed_items + sealed.rows
        self.progress = Progress(sealed.id, sealed_items, written_bytes=self.progress.written_bytes)

    def _fail(self, error: Exception, batch: Batch | None) -> None:
        with self._changed:
            self.failure = f"the journal cannot be written: {error}"
            waiting = [batch, *self._batches] if batch else [*self._batches]
            self._batches.clear()
        log.critical("journal_failed", error=str(error), requests=sum(len(each.frames) for each in waiting))
        for each in waiting:
            each.fail(JournalFailed(self.failure))
