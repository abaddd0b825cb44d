"""Sealed segments into the store, each exactly once, by counting and never by trust.

The engine's OK means nothing by itself: chDB answers OK to inserts whose disk writes failed,
and a deduplication token can swallow a retry for ever (docs/decisions/0003-counted-loading.md).
So rows are counted by segment id: none -> insert; all -> verify the bytes; anything else ->
stop, and the restart detaches the damaged part, which makes the count none. A segment for which
that does not help is set aside, so that the others do not wait for it for ever.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import DamagedStore, RefusedData
from collector.journal.durable import sync_folder
from collector.journal.record import is_intact
from collector.journal.segment import Folders, Segment
from collector.loader.data_error import is_data_error
from collector.loader.gate import Gate
from collector.loader.holdings import Holdings, damage_told
from collector.loader.mishaps import Mishaps
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import SegmentReader
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Looks at a batch before giving the engine up: a part can be merged away between two looks.
_LOOKS_MAX = 6
# One restart detaches a damaged part. More of them help if the disk is in trouble for a while.
_RESTARTS_MAX = 3
_TROUBLE_MAX = timedelta(minutes=15)


class Loader:
    """Loads one batch at a time; several loaders may work on different segments.

    Parameters
    ----------
    gate
        Shared by all that load and delete.
    """

    def __init__(
        self,
        store: Store,
        reader: SegmentReader,
        folders: Folders,
        quarantine: Quarantine,
        gate: Gate | None = None,
    ) -> None:
        self._gate = gate or Gate()
        self._holdings = Holdings(store)
        self._reader = reader
        self._folders = folders
        self._quarantine = quarantine
        self._mishaps = Mishaps(folders.sealed)

    def load(self, batch: Sequence[Segment]) -> None:
        """Load sealed segments of one signal and day, and move them to the archive.

        Raises
        ------
        DamagedStore
            The store holds some of a segment's rows, or a part's bytes are wrong: only a new process
            may go on. The segment is still sealed, or in quarantine when a quarter of an hour
            of restarts did not help.
        ClickHouseError
            The engine refused for another reason than the data: try again later.
        """
        for group in self._groups(batch):
            try:
                with self._gate.loading():
                    self._load(group)
            except (ClickHouseError, OSError):
                raise
            except Exception as error:
                try:
                    self._bear(group, error)
                except OSError as trouble:
                    log.error("mishap_not_noted", error=str(trouble), action="will try again")  # noqa: TRY400
                raise

    def refusal(self, file: Path) -> str | None:
        """Say why the records in a file are refused for their data; None when they are not."""
        return self._quarantine.refusal(file)

    def _groups(self, batch: Sequence[Segment]) -> Sequence[Sequence[Segment]]:
        """Where one may be what stopped the process before, each is loaded alone and the suspect last.

        That is the one it happened to most often, and of equals the oldest, behind which others waited.
        """
        mishaps = {segment: len(self._mishaps.of(segment)) for segment in batch}
        if not any(mishaps.values()):
            return [batch]
        worst_first = sorted(batch, key=lambda segment: mishaps[segment], reverse=True)
        return [[segment] for segment in reversed(worst_first)]

    def _load(self, batch: Sequence[Segment]) -> None:
        try:
            self._ensure(batch)
        except RefusedData as error:
            self._separate(batch, str(error))
        else:
            self._holdings.record(batch)
            self._archive(batch)

    def _bear(self, batch: Sequence[Segment], error: Exception) -> None:
        """Leave what stops the process to the next one, but not for ever."""
        waiting = [one for one in batch if (self._folders.sealed / one.file_name).exists()]
        log.error(
            "segments_not_loaded",
            segments=[segment.file_name for segment in waiting],
            reason=f"{type(error).__name__}: {error}",
            safe="their spans are on disk, in journal/sealed; receiving goes on",
            action="the core starts again, which repairs the store; a segment that stops it for a quarter "
            "of an hour is put into quarantine: see docs/operations.md",
        )
        for segment in waiting:
            self._mishaps.note(segment, error)
            restarts = len(self._mishaps.of(segment)) - 1
            if restarts >= _RESTARTS_MAX and self._mishaps.age(segment) >= _TROUBLE_MAX:
                self._give_up(segment)

    def _give_up(self, segment: Segment) -> None:
        try:
            stored_spans = self._holdings.count([segment]).get(segment.id, 0)
        except ClickHouseError:
            stored_spans = 0  # what cannot be read is detached at the next start
        self._quarantine.take_out(segment, max(0, segment.rows - stored_spans), self._mishaps.of(segment))
        self._mishaps.forget(segment)

    def _separate(self, batch: Sequence[Segment], refusal: str) -> None:
        """Find the segment that is refused, and the requests or the damage in it."""
        if len(batch) > 1:
            for segment in batch:
                self._load([segment])
        else:
            self._quarantine.separate(batch[0], refusal)
            self._mishaps.forget(batch[0])

    def _ensure(self, batch: Sequence[Segment]) -> None:
        inserted = False
        for _ in range(_LOOKS_MAX):
            # What cannot be read before is not this batch's doing, and was there at the last start: no
            # restart helps. What cannot be read now is the part that was just written.
            with damage_told() if inserted else nullcontext():
                rows = self._holdings.count(batch)
                present = [segment for segment in batch if rows.get(segment.id) == segment.rows]
                if len(present) == len(batch) and self._holdings.verified(batch):
                    lacking = self._holdings.lacking_pieces(batch)
                    if not lacking:
                        return
                    # a kill, or a write that failed and of which the engine said OK
                    for segment in batch:
                        if segment.id in lacking:
                            self._reader.insert_pieces(self._folders.sealed, [segment])
            missing = [segment for segment in batch if not rows.get(segment.id)]
            for partial in set(batch).difference(present, missing):
                raise DamagedStore(f"segment {partial.id} has {rows[partial.id]} of {partial.rows} rows")
            if missing:
                self._insert(missing)
                inserted = True
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

    def _archive(self, batch: Sequence[Segment]) -> None:
        for segment in batch:
            name = segment.file_name
            # a segment that waited for a day is kept as long as any other
            (self._folders.sealed / name).touch()
            (self._folders.sealed / name).rename(self._folders.archive / name)
            self._mishaps.forget(segment)
        sync_folder(self._folders.archive)
        sync_folder(self._folders.sealed)
