"""Sealed segments into the store, each exactly once, by counting and never by trust.

The engine's OK means nothing by itself: chDB answers OK to inserts whose disk writes failed,
and a deduplication token can swallow a retry for ever (docs/decisions/0003-counted-loading.md).
So rows are counted by segment id: none -> insert; all -> verify the bytes; anything else ->
stop, and the restart detaches the damaged part, which makes the count none.
"""

import re
from pathlib import Path

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import DamagedStore
from collector.journal.durable import move
from collector.journal.segment import Folders, Segment
from collector.loader.data_error import is_data_error
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import SegmentReader
from collector.store.statement import statement
from collector.store.store import Store

# Looks at a segment before giving the engine up: a part can be merged away between two looks.
_LOOKS_MAX = 6


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
        DamagedStore
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
        move(path, self._folders.archive / path.name)

    def _ensure(self, segment: Segment, path: Path) -> None:
        for _ in range(_LOOKS_MAX):
            rows = self._count(segment)
            if rows == 0:
                self._reader.insert(path, segment)
            elif rows != segment.rows:
                raise DamagedStore(f"segment {segment.id} has {rows} of {segment.rows} rows")
            elif self._verified(segment):
                return
        raise DamagedStore(f"segment {segment.id} could not be verified in {_LOOKS_MAX} looks")

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
            passed = self._store.command(_check(part)) == 1
        except (FileNotFoundError, ClickHouseError):
            if path.exists():
                raise
            return False
        if empty or not passed:
            raise DamagedStore(f"part {part} is damaged: {empty or 'its checksums differ'}")
        return True

    def _record(self, segment: Segment) -> None:
        parameters = _named(segment) | {"signal": segment.signal, "rows": segment.rows}
        self._store.command(statement(__package__, "record_segment.sql"), parameters)


def _check(part: str) -> str:
    if re.fullmatch(r"[0-9_]+", part) is None:
        raise ValueError(f"{part!r} is not the name of a part of ours")
    return statement(__package__, "check_part.sql").replace("'PART_NAME'", f"'{part}'")


def _named(segment: Segment) -> dict[str, object]:
    return {"segment": segment.id, "day": segment.day.isoformat()}
