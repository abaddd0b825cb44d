"""Sealed segments into the store, each exactly once, by counting and never by trust.

The engine's OK means nothing by itself: chDB answers OK to inserts whose disk writes failed,
and a deduplication token can swallow a retry for ever (docs/decisions/0003-counted-loading.md).
So rows are counted by segment id: none -> insert; all -> verify the bytes; anything else ->
stop, and the restart detaches the damaged part, which makes the count none.
"""

from collections.abc import Sequence

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import DamagedStore, RefusedData
from collector.journal.durable import sync_folder
from collector.journal.record import is_intact
from collector.journal.segment import Folders, Segment
from collector.loader.data_error import is_data_error
from collector.loader.part import Part, is_sound
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import SegmentReader
from collector.store.statement import statement
from collector.store.store import Store

# Looks at a batch before giving the engine up: a part can be merged away between two looks.
_LOOKS_MAX = 6


class Loader:
    """Loads one batch at a time; several loaders may work on different segments."""

    def __init__(self, store: Store, reader: SegmentReader, folders: Folders, quarantine: Quarantine) -> None:
        self._store = store
        self._reader = reader
        self._folders = folders
        self._quarantine = quarantine

    def load(self, batch: Sequence[Segment]) -> None:
        """Load sealed segments of one signal and day, and move them to the archive.

        Raises
        ------
        DamagedStore
            The store holds some of a segment's rows, or a part's bytes are wrong.
        ClickHouseError
            The engine refused for another reason than the data: try again later.
        """
        try:
            self._ensure(batch)
        except RefusedData as error:
            self._separate(batch, str(error))
        else:
            self._record(batch)
            self._archive(batch)

    def _separate(self, batch: Sequence[Segment], refusal: str) -> None:
        """Find the segment that is refused, and the requests or the damage in it."""
        if len(batch) > 1:
            for segment in batch:
                self.load([segment])
        else:
            self._quarantine.separate(batch[0], refusal)

    def _ensure(self, batch: Sequence[Segment]) -> None:
        for _ in range(_LOOKS_MAX):
            rows = self._count(batch)
            missing = [segment for segment in batch if not rows.get(segment.id)]
            partial = [segment for segment in batch if rows.get(segment.id, segment.rows) != segment.rows]
            if partial:
                raise DamagedStore(
                    f"segment {partial[0].id} has {rows[partial[0].id]} of {partial[0].rows} rows"
                )
            if missing:
                self._insert(missing)
            elif self._verified(batch):
                return
        raise DamagedStore(f"segment {batch[0].id} could not be verified in {_LOOKS_MAX} looks")

    def _insert(self, batch: Sequence[Segment]) -> None:
        """Tell what the data is to blame for: a part that cannot be read has like errors."""
        for segment in batch:
            # what the disk changed after the sealing may still read as protobuf: 2 % of the load's time
            if not is_intact((self._folders.sealed / segment.file_name).read_bytes()):
                raise RefusedData(f"segment {segment.id} is not what was written")
        try:
            self._reader.insert(self._folders.sealed, batch)
        except ClickHouseError as error:
            if is_data_error(error):
                raise RefusedData(str(error)) from error
            raise

    def _count(self, batch: Sequence[Segment]) -> dict[str, int]:
        rows = self._store.query(statement(__package__, "count_segments.sql"), _named(batch))
        return {row["segment"]: int(row["rows"]) for row in rows}

    def _verified(self, batch: Sequence[Segment]) -> bool:
        """Whether the bytes of the batch's parts are sound.

        A part that was merged away while we looked says nothing: look again.
        """
        parts = self._store.query(statement(__package__, "parts_of_segments.sql"), _named(batch))
        return bool(parts) and all(is_sound(self._store, Part(**row)) for row in parts)

    def _record(self, batch: Sequence[Segment]) -> None:
        parameters = _named(batch) | {"signal": batch[0].signal, "rows": [segment.rows for segment in batch]}
        self._store.command(statement(__package__, "record_segments.sql"), parameters)

    def _archive(self, batch: Sequence[Segment]) -> None:
        for segment in batch:
            name = segment.file_name
            (self._folders.sealed / name).rename(self._folders.archive / name)
        sync_folder(self._folders.archive)
        sync_folder(self._folders.sealed)


def _named(batch: Sequence[Segment]) -> dict[str, object]:
    return {"segments": [segment.id for segment in batch], "day": batch[0].day.isoformat()}
