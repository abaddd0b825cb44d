"""Sealed segments into the store, each exactly once, by counting and never by trust.

The engine's OK means nothing by itself: chDB answers OK to inserts whose disk writes failed,
and a deduplication token can swallow a retry for ever (docs/decisions/0003-counted-loading.md).
So rows are counted by segment id: none -> insert; all -> verify the bytes; anything else ->
stop, and the restart detaches the damaged part, which makes the count none.
"""

import os
from pathlib import Path

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.journal.segment import Folders, Segment
from collector.loader.data_error import is_data_error
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import SegmentReader
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Looks at a segment before giving the engine up: a part can be merged away between two looks.
_LOOKS_MAX = 6


class DamagedStoreError(Exception):
    """The store holds part of a segment: stop the process, the next start repairs it."""


class Loader:
    """Loads one segment at a time; several loaders may work on different segments."""

    def __init__(self, store: Store, reader: SegmentReader, folders: Folders, quarantine: Quarantine) -> None:
        self._store = store
        self._reader = reader
        self._folders = folders
        self._quarantine = quarantine

    def load(self, segment: Segment) -> None:
        """Load a sealed segment and move it to the archive.

        Raises
        ------
        DamagedStoreError
            The store holds some of the segment's rows, or a part's bytes are wrong.
        ClickHouseError
            The engine refused for another reason than the data: try again later.
        """
        path = self._folders.sealed / segment.file_name
        try:
            self._ensure(segment, path)
        except ClickHouseError as error:
            if not is_data_error(error):
                raise
            self._quarantine.bisect(segment, path, reason=str(error))
            return
        self._record(segment)
        self._archive(path)

    def _ensure(self, segment: Segment, path: Path) -> None:
        for _ in range(_LOOKS_MAX):
            rows = self._count(segment)
            if rows == 0:
                self._reader.insert(path, segment)
            elif rows != segment.rows:
                raise DamagedStoreError(f"segment {segment.id} has {rows} of {segment.rows} rows")
            elif self._verified(segment):
                return
        raise DamagedStoreError(f"segment {segment.id} could not be verified in {_LOOKS_MAX} looks")

    def _count(self, segment: Segment) -> int:
        (row,) = self._store.query(statement(__package__, "count_segment.sql"), _named(segment))
        return int(row["rows"])

    def _verified(self, segment: Segment) -> bool:
        """Whether the bytes of the segment's parts are sound.

        A part that was merged away while we looked says nothing: look again.
        """
        parts = self._store.query(statement(__package__, "parts_of_segment.sql"), _named(segment))
        return bool(parts) and all(self._sound(row["name"], Path(row["path"])) for row in parts)

    def _sound(self, part: str, path: Path) -> bool:
        try:
            empty = [file for file in path.rglob("*") if file.is_file() and file.stat().st_size == 0]
            checks = self._store.query(statement(__package__, "check_part.sql"), {"part": part})
        except (FileNotFoundError, ClickHouseError):
            if path.exists():
                raise
            return False
        if empty or not all(row["is_passed"] for row in checks):
            raise DamagedStoreError(f"part {part} is damaged: {empty or checks}")
        return True

    def _record(self, segment: Segment) -> None:
        parameters = _named(segment) | {"signal": segment.signal, "rows": segment.rows}
        self._store.command(statement(__package__, "record_segment.sql"), parameters)

    def _archive(self, path: Path) -> None:
        path.rename(self._folders.archive / path.name)
        sync_folder(self._folders.archive)
        sync_folder(self._folders.sealed)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(segment: Segment) -> dict[str, object]:
    return {"segment": segment.id, "day": segment.day.isoformat()}
