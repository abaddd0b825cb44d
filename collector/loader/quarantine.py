"""A segment that cannot be loaded as it is: find the bad requests, set them apart, load the rest.

Bad is what the disk did not keep as it was written, and what ClickHouse refuses for its data.

Nothing is dropped: a bad request stands in ``quarantine/`` as its record in the journal, beside a
text that says why, unless the engine takes it once it is written anew. The rest becomes a segment
of its own whose id follows from the first one's, so that an interrupted bisection, done again,
gives the same files.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.journal.durable import move, sync_folder, write_file
from collector.journal.examination import Examination, examine, span_count
from collector.journal.quarantined import Quarantined, set_aside
from collector.journal.record import Record, frame, records
from collector.journal.recovery import quarantine_damage
from collector.journal.segment import Folders, Segment
from collector.loader.data_error import is_data_error
from collector.loader.segment_reader import SegmentReader
from collector.otlp.decode import canonical
from collector.otlp.signal import Signal

log = structlog.get_logger(__name__)

# The last bits of a UUIDv7; those before them are its time and version.
_RANDOM = (1 << 62) - 1


_HALVED = ".halved"


class _Good(NamedTuple):
    frame: bytes
    spans: int


class Quarantine:
    """Separates the requests of a segment that was refused. One at a time has this folder."""

    def __init__(self, reader: SegmentReader, folders: Folders) -> None:
        self._reader = reader
        self._folders = folders
        for left_by_a_kill in folders.quarantine.glob("*.tmp"):
            left_by_a_kill.unlink()
        for left_by_a_kill in folders.quarantine.glob(f"*{_HALVED}"):
            self._halve(left_by_a_kill)

    def separate(self, segment: Segment, refusal: str) -> None:
        """Set damage and bad requests of a sealed segment apart and seal the others anew.

        A segment in which nothing is bad was too much at once: it is halved.

        Parameters
        ----------
        refusal
            Why the segment was not loaded.
        """
        path = self._folders.sealed / segment.file_name
        data = path.read_bytes()
        examination = examine(data, segment.signal)
        self._set_damage_apart(segment, data, examination)
        bad = self._bad(data, examination.sound, segment.signal)
        good = []
        for record in examination.sound:
            kept = (
                self._anew(record, segment.signal)
                if record.offset in bad
                else data[record.offset : record.end]
            )
            if kept is None:
                self._set_apart(segment, record, data, bad[record.offset])
            else:
                good.append(_Good(kept, span_count(record.body, segment.signal)))
        if bad or examination.damaged:
            self._seal_rest(segment, "first", good)
        elif len(good) > 1:
            halved = self._folders.quarantine / f"{segment.file_name}{_HALVED}"
            # out of the loader's sight first: the whole and a half of it are never both loaded
            move(path, halved)
            self._halve(halved)
            return
        else:
            for record in examination.sound:
                self._set_apart(segment, record, data, refusal)
        path.unlink()
        sync_folder(self._folders.sealed)

    def refusal(self, path: Path) -> str | None:
        """Say why the engine refuses the records in a file for their data; None when it does not.

        Raises
        ------
        ClickHouseError
            It refuses them for another reason.
        """
        return self._refusal(path.read_bytes(), Quarantined.parse(path.stem).signal)

    def take_out(self, segment: Segment, spans: int, story: Sequence[str]) -> None:
        """Set a whole segment apart that stopped the process again and again.

        Parameters
        ----------
        spans
            How many of it are not in the store.
        story
            What happened to it.
        """
        path = self._folders.sealed / segment.file_name
        whole = Quarantined.of(segment, 0, spans)
        way_back = f"To load it: doldrums journal replay {self._folders.quarantine / f'{whole.name}.segment'}"
        reason = "\n".join([*story, f"{spans} of its {segment.rows} spans are not stored.", way_back, ""])
        set_aside(self._folders.quarantine, whole, path.read_bytes(), "segment", reason)
        path.unlink()
        sync_folder(self._folders.sealed)
        log.error("segment_quarantined", segment=segment.id, quarantined=whole.name, spans_missing=spans)

    def _set_damage_apart(self, segment: Segment, data: bytes, examination: Examination) -> None:
        """Of a sealed segment it is known how many spans are damaged, not where: the first piece has them."""
        spans = max(0, segment.rows - examination.spans)
        if examination.torn_at is not None:
            # what was sealed was whole
            examination.damaged.append(range(examination.torn_at, len(data)))
        for damage in examination.damaged:
            quarantine_damage(self._folders, segment, data, damage, spans)
            spans = 0

    def _halve(self, path: Path) -> None:
        """Seal the two halves of a segment whose requests are all good. Bears repetition."""
        segment, data = Segment.parse(path.stem), path.read_bytes()
        good = [
            _Good(data[one.offset : one.end], span_count(one.body, segment.signal)) for one in records(data)
        ]
        self._seal_rest(segment, "first", good[: len(good) // 2])
        self._seal_rest(segment, "second", good[len(good) // 2 :])
        path.unlink()
        sync_folder(self._folders.quarantine)

    def _bad(self, data: bytes, found: Sequence[Record], signal: Signal) -> dict[int, str]:
        """Offset -> reason of each refused request, by halving: O(bad x log requests) reads."""
        refusal = self._refusal(_framed(data, found), signal) if found else None
        if refusal is None:
            return {}
        if len(found) == 1:
            return {found[0].offset: refusal}
        middle = len(found) // 2
        return self._bad(data, found[:middle], signal) | self._bad(data, found[middle:], signal)

    def _anew(self, record: Record, signal: Signal) -> bytes | None:
        """Write a refused request without what only looks like OTLP; None when it is refused again."""
        body = canonical(signal.request.FromString(record.body))
        framed = frame(body, record.project, record.received_unix_nano)
        return framed if self._refusal(framed, signal) is None else None

    def _refusal(self, data: bytes, signal: Signal) -> str | None:
        trial = self._folders.quarantine / f"trial-{uuid.uuid4().hex}.tmp"
        write_file(trial, data)
        try:
            self._reader.rehearse(trial, signal)
        except ClickHouseError as error:
            if not is_data_error(error):
                raise
            return str(error)
        finally:
            trial.unlink()
        return None

    def _set_apart(self, segment: Segment, record: Record, data: bytes, reason: str) -> None:
        piece = Quarantined.of(segment, record.offset, span_count(record.body, segment.signal))
        bytes_in_segment = data[record.offset : record.end]
        set_aside(self._folders.quarantine, piece, bytes_in_segment, "record", reason, record.project)
        # why stands beside it: the engine's words may hold some of the request's
        log.warning("request_quarantined", segment=segment.id, quarantined=piece.name, spans=piece.spans)

    def _seal_rest(self, segment: Segment, part: str, good: Sequence[_Good]) -> None:
        if not good:
            return
        rest = replace(segment, id=derived_id(segment.id, part), rows=sum(one.spans for one in good))
        temporary = self._folders.quarantine / f"{rest.id}.tmp"
        write_file(temporary, b"".join(one.frame for one in good))
        move(temporary, self._folders.sealed / rest.file_name)


def derived_id(identifier: str, part: str) -> str:
    """Return an id that follows from another and comes just before it: what counts up to that counts it."""
    number, below = int(identifier, 16), int(identifier, 16) & _RANDOM
    return f"{number - below + uuid.uuid5(uuid.UUID(identifier), part).int % max(below, 1):032x}"


def _framed(data: bytes, found: Sequence[Record]) -> bytes:
    """The records as they stand in the file."""
    return b"".join(data[record.offset : record.end] for record in found)
