"""Segments on disk, as the receiver seals them."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.ingest.spans import requests
from collector.journal.examination import span_count
from collector.journal.record import frame
from collector.journal.segment import Segment
from collector.otlp.signal import Signal

PROJECT = "default"
BYTES = 32 << 20


def seal(folder: Path, arrivals: Iterable[tuple[int, bytes]], day: datetime) -> Iterator[Segment]:
    """Write requests with their times of arrival into segments of 32 MB, of one day."""
    records: list[bytes] = []
    spans = first_ns = size = 0
    for received_ns, body in arrivals:
        first_ns = first_ns or received_ns
        records.append(frame(body, PROJECT, received_ns))
        spans += span_count(body, Signal.TRACES)
        size += len(records[-1])
        if size >= BYTES:
            yield _write(folder, records, first_ns, day, spans)
            records, spans, first_ns, size = [], 0, 0, 0
    if records:
        yield _write(folder, records, first_ns, day, spans)


def fresh_segment(folder: Path, seed: int) -> Segment:
    """Seal 32 MB of the spans of `bench.ingest`, received now."""
    now = datetime.now(UTC)
    bodies = requests(BYTES // 400_000, 512, seed)
    (segment,) = seal(folder, ((int(now.timestamp() * 1e9), body) for body in bodies), now)
    return segment


def _write(folder: Path, records: list[bytes], first_ns: int, day: datetime, spans: int) -> Segment:
    identifier = f"{first_ns // 1_000_000:012x}7{uuid.uuid4().hex[:19]}"
    segment = Segment(Signal.TRACES, identifier, day.date(), spans)
    (folder / segment.file_name).write_bytes(b"".join(records))
    return segment
