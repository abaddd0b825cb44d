"""Puts counters and health into DATA_DIR/receiver.json, and takes them up again after a restart.

Spans accepted are what the journal holds, not what was last published: a start adds the segments
that are newer than the snapshot, by the rows in their names, and what was set aside of such ones.
So a kill loses none. The last batch
of a killed process counts although its clients may not have heard, and they will send it again.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from collector.journal.journal import Journal
from collector.journal.quarantined import quarantined
from collector.journal.segment import Folders, segments
from collector.receiver.counters import Counters
from collector.receiver.snapshot import FILE_NAME, Snapshot, read_snapshot


class Publisher:
    """Knows the totals.

    Parameters
    ----------
    journal
        Just opened: what it writes from now on comes on top.
    problem
        Says why nothing can be taken now, or None.
    """

    def __init__(self, folders: Folders, journal: Journal, problem: Callable[[], str | None]) -> None:
        previous = read_snapshot(folders.data_dir / FILE_NAME)
        self.counters = previous.counters if previous else Counters()
        self._path = folders.data_dir / FILE_NAME
        self._journal = journal
        self._problem = problem
        self._sealed_spans_before = _sealed_spans(folders, previous)
        self._written_bytes_before = previous.journal_written_bytes if previous else 0

    def snapshot(self) -> Snapshot:
        """Return the state now."""
        progress = self._journal.progress
        sealed_spans = self._sealed_spans_before + progress.sealed_spans
        return Snapshot(
            written_at=datetime.now(UTC),
            pid=os.getpid(),
            problem=self._problem(),
            spans_accepted=sealed_spans + progress.open_spans,
            journal_backlog_bytes=self._journal.backlog_bytes,
            journal_written_bytes=self._written_bytes_before + progress.written_bytes,
            sealed_segment=progress.segment,
            sealed_spans=sealed_spans,
            counters=self.counters,
        )

    async def publish(self) -> None:
        """Write the file; a disk that does not take it is the journal's to report."""
        snapshot = self.snapshot()
        with suppress(OSError):
            await asyncio.to_thread(snapshot.write, self._path)


def _sealed_spans(folders: Folders, previous: Snapshot | None) -> int:
    # A loader may move a segment from the first folder to the second meanwhile: it counts once.
    on_disk = {
        segment.id: segment.rows
        for folder in (folders.sealed, folders.archive)
        for segment in segments(folder)
    }
    known, known_spans = (previous.sealed_segment, previous.sealed_spans) if previous else ("", 0)
    loadable = sum(rows for segment, rows in on_disk.items() if segment > known)
    apart = sum(piece.spans for piece in quarantined(folders.quarantine) if piece.segment > known)
    return known_spans + loadable + apart
