"""A segment that ClickHouse refuses for its data: find the bad requests, set them apart, load the rest.

Nothing is dropped: a bad request stands in ``quarantine/`` as the bytes that came in, beside a
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
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.journal.durable import move, sync_folder, write_file
from collector.journal.examination import span_count
from collector.journal.quarantined import Quarantined, set_aside
from collector.journal.record import Record, frame, records
from collector.journal.segment import Folders, Segment
from collector.loader.data_error import is_data_error
from collector.loader.segment_reader import SegmentReader
from collector.otlp.decode import canonical

log = structlog.get_logger(__name__)

# The last bits of a UUIDv7; those before them are its time and version.
_RANDOM = (1 << 62) - 1


class _Good(NamedTuple):
    frame: bytes
    spans: int


class Quarantine:
    """Separates the requests of a refused segment."""

    def __init__(self, reader: SegmentReader, folders: Folders) -> None:
        self._reader = reader
        self._folders = folders

    def bisect(self, segment: Segment, path: Path) -> None:
        """Set the bad requests of a segment apart and seal the others anew.

        A segment of which no single request is refused was too much at once: it is halved.
        """
        data = path.read_bytes()
        found = list(records(data))
        bad = self._bad(data, found)
        good = []
        for record in found:
            kept = self._anew(record) if record.offset in bad else data[record.offset : record.end]
            if kept is None:
                self._set_apart(segment, record, bad[record.offset])
            else:
                good.append(_Good(kept, span_count(record.body)))
        middle = len(good) if bad else len(good) // 2
        self._seal_rest(segment, "first", good[:middle])
        self._seal_rest(segment, "second", good[middle:])
        path.unlink()
        sync_folder(self._folders.sealed)

    def _bad(self, data: bytes, found: Sequence[Record]) -> dict[int, str]:
        """Offset -> reason of each refused request, by halving: O(bad x log requests) reads."""
        refusal = self._refusal(_framed(data, found))
        if refusal is None:
            return {}
        if len(found) == 1:
            return {found[0].offset: refusal}
        middle = len(found) // 2
        return self._bad(data, found[:middle]) | self._bad(data, found[middle:])

    def _anew(self, record: Record) -> bytes | None:
        """Write a refused request without what only looks like OTLP; None when it is refused again."""
        body = canonical(ExportTraceServiceRequest.FromString(record.body))
        framed = frame(body, record.project, record.received_unix_nano)
        return framed if self._refusal(framed) is None else None

    def _refusal(self, data: bytes) -> str | None:
        trial = self._folders.quarantine / f"trial-{uuid.uuid4().hex}.tmp"
        write_file(trial, data)
        try:
            self._reader.rehearse(trial)
        except ClickHouseError as error:
            if not is_data_error(error):
                raise
            return str(error)
        finally:
            trial.unlink()
        return None

    def _set_apart(self, segment: Segment, record: Record, reason: str) -> None:
        piece = Quarantined.of(segment, record.offset, span_count(record.body))
        set_aside(self._folders.quarantine, piece, record.body, "pb", reason)
        log.warning("request_quarantined", segment=segment.id, quarantined=piece.name, reason=reason[:500])

    def _seal_rest(self, segment: Segment, part: str, good: Sequence[_Good]) -> None:
        if not good:
            return
        rest = replace(segment, id=_derived(segment.id, part), rows=sum(one.spans for one in good))
        temporary = self._folders.quarantine / f"{rest.id}.tmp"
        write_file(temporary, b"".join(one.frame for one in good))
        move(temporary, self._folders.sealed / rest.file_name)


def _derived(identifier: str, part: str) -> str:
    """An id that follows from another one and comes just before it: what counts up to that one counts it."""
    number, below = int(identifier, 16), int(identifier, 16) & _RANDOM
    return f"{number - below + uuid.uuid5(uuid.UUID(identifier), part).int % max(below, 1):032x}"


def _framed(data: bytes, found: Sequence[Record]) -> bytes:
    """The records as they stand in the file."""
    return b"".join(data[record.offset : record.end] for record in found)
