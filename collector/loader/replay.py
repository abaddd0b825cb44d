"""Loads again what was archived or set aside, if the store does not have it.

A segment keeps its id for ever, and a refused request gets one that follows from where it stood, so
the rows are counted as at any loading: what is stored is not stored twice, however often this is done.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from collector.errors import DamagedRecord, DamagedStore
from collector.journal.durable import move, write_file
from collector.journal.examination import span_count
from collector.journal.pack_name import PackName
from collector.journal.quarantined import Quarantined, let_go
from collector.journal.record import records
from collector.journal.segment import Folders, Segment, segments
from collector.loader.archive import read_segments, segments_in
from collector.loader.erased import Erased
from collector.loader.holdings import Holdings
from collector.loader.loader import Loader
from collector.loader.quarantine import derived_id
from collector.store.store import Store

_UNFINISHED = ".unfinished"


@dataclass
class Outcome:
    """What became of some segments' spans.

    Attributes
    ----------
    stored
        Were in the store already.
    loaded
        Are there now; in a dry run, would be.
    not_loaded
        A sentence for each segment that could not be loaded.
    """

    stored: int = 0
    loaded: int = 0
    not_loaded: list[str] = field(default_factory=list)


class ReplayFolders(Folders):
    """The folders of a loader beside the one that loads what is received.

    What is replayed is not counted as received and waiting, and delays nobody.
    """

    @property
    def sealed(self) -> Path:
        return self.data_dir / "journal" / "replay"


class Replay:
    """Replays one file at a time.

    Parameters
    ----------
    loader
        One of its own, on `folders`.
    on_damage
        Told what proves the store damaged, as `LoadingWorkers` tells it: only a new process may go on.
    """

    def __init__(
        self,
        store: Store,
        loader: Loader,
        folders: ReplayFolders,
        on_damage: Callable[[BaseException], None],
    ) -> None:
        self._holdings = Holdings(store)
        self._erased = Erased(store)
        self._loader = loader
        self._folders = folders
        self._on_damage = on_damage
        self._lock = threading.Lock()

    def resume(self) -> None:
        """Load what a process had begun to replay when it was killed."""
        with self._working():
            self._load_waiting()

    def archived(
        self,
        file: Path,
        *,
        dry_run: bool = False,
        wanted: Callable[[Segment], bool] = lambda _: True,
    ) -> Outcome:
        """Load what an archived file holds and the store does not."""
        with self._working():
            outcome = Outcome()
            missing = self._missing([one for one in segments_in(file) if wanted(one)], outcome)
            if dry_run or not missing:
                outcome.loaded = sum(segment.rows for segment in missing)
                return outcome
            for segment, data in read_segments(file):
                if segment in missing:
                    self._load(segment, data, outcome)
                    if PackName.parse(file.name):  # it is archived there already
                        (self._folders.archive / segment.file_name).unlink(missing_ok=True)
            return outcome

    def set_aside(self, piece: Path, *, dry_run: bool = False) -> Outcome:
        """Load what lies in quarantine, and let it go from there; where it is refused again it stays.

        Damage can be read by nobody, and stays.
        """
        with self._working():
            outcome = Outcome()
            data = piece.read_bytes()
            segment = _as_segment(piece, data)
            if segment is None:
                outcome.not_loaded.append(f"{piece.name} is no record that could be loaded")
            elif refusal := self._loader.refusal(piece):
                outcome.not_loaded.append(f"{piece.name} is refused as before: {refusal}")
            else:
                missing = self._missing([segment], outcome)
                if dry_run:
                    outcome.loaded = sum(one.rows for one in missing)
                elif missing:
                    self._load(segment, data, outcome)
                if not dry_run and not outcome.not_loaded:
                    let_go(piece)
            return outcome

    def _missing(self, found: Sequence[Segment], outcome: Outcome) -> set[Segment]:
        """Return the segments of which the store has nothing, or lacks pieces of long texts.

        The others are told. What waits to be loaded anyway is left to that: counted here and there at
        once, it would be two.
        """
        waiting = {segment.id for segment in segments(Folders(self._folders.data_dir).sealed)}
        found = [segment for segment in found if segment.id not in waiting]
        rows: dict[str, int] = {}
        lacking: set[str] = set()
        for _, alike in groupby(sorted(found, key=_day), _day):
            batch = list(alike)
            rows |= self._holdings.count(batch)
            lacking |= self._holdings.lacking_pieces(batch)
        missing = set()
        for segment in found:
            stored = rows.get(segment.id, 0)
            if stored == 0 or (stored == segment.rows and segment.id in lacking):
                missing.add(segment)
            elif stored == segment.rows:
                outcome.stored += stored
            else:
                # rows were erased, or the engine lost some: loading it would make some of them two
                outcome.not_loaded.append(
                    f"segment {segment.id}: the store has {stored} of its {segment.rows} spans"
                )
        return missing

    def _load(self, segment: Segment, data: bytes, outcome: Outcome) -> None:
        """Load a segment but for what was erased: a copy of it may have been put back by hand."""
        data, erased = self._erased.without(segment, data)
        if erased:
            outcome.not_loaded.append(
                f"segment {segment.id}: {erased} of its {segment.rows} {segment.signal.item}s were erased "
                "and stay out; delete the file that still has them"
            )
            segment = replace(segment, rows=segment.rows - erased)
        if segment.rows:
            self._load_whole(segment, data, outcome)

    def _load_whole(self, segment: Segment, data: bytes, outcome: Outcome) -> None:
        folder = self._folders.sealed
        unfinished = folder / f"{segment.file_name}{_UNFINISHED}"
        write_file(unfinished, data)
        move(unfinished, folder / segment.file_name)
        self._load_waiting()
        stored = self._holdings.count([segment]).get(segment.id, 0)
        outcome.loaded += stored
        if stored != segment.rows:
            outcome.not_loaded.append(
                f"segment {segment.id}: {stored} of its {segment.rows} spans could be loaded as they are; "
                "the log says where the others are"
            )

    def _load_waiting(self) -> None:
        # a segment with something bad in it is replaced by the rest of it
        while waiting := segments(self._folders.sealed):
            self._loader.load(waiting[:1])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Replay nothing meanwhile."""
        with self._lock:
            yield

    @contextmanager
    def _working(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except DamagedStore as error:
                self._on_damage(error)
                raise


def _day(segment: Segment) -> tuple[str, str]:
    return segment.signal, segment.day.isoformat()


def _as_segment(piece: Path, data: bytes) -> Segment | None:
    """Describe a piece as a segment of its own; None when it is damage."""
    what = Quarantined.parse(piece.stem)
    try:
        found = list(records(data))
    except DamagedRecord:
        return None
    if not found or piece.suffix == ".damage":
        return None
    day = datetime.fromtimestamp(found[0].received_unix_nano // 1_000_000_000, UTC).date()
    rows = sum(span_count(record.body, what.signal) for record in found)
    whole = piece.suffix == ".segment"
    identifier = what.segment if whole else derived_id(what.segment, f"record {what.offset}")
    return Segment(what.signal, identifier, day, rows)
