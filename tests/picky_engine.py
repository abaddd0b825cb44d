"""An engine that refuses a word: no canonical request is known that the real one refuses."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from collector.journal.segment import Segment
from collector.loader.segment_reader import SegmentReader
from collector.otlp.signal import Signal

POISON = "poison"


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine refuse every file that has POISON in it."""
    insert, rehearse = SegmentReader.insert, SegmentReader.rehearse

    def picky_insert(reader: SegmentReader, folder: Path, segments: Sequence[Segment]) -> None:
        for segment in segments:
            _taste(folder / segment.file_name)
        insert(reader, folder, segments)

    def picky_rehearse(reader: SegmentReader, path: Path, signal: Signal) -> None:
        _taste(path)
        rehearse(reader, path, signal)

    monkeypatch.setattr(SegmentReader, "insert", picky_insert)
    monkeypatch.setattr(SegmentReader, "rehearse", picky_rehearse)


def _taste(path: Path) -> None:
    if POISON.encode() in path.read_bytes():
        raise DatabaseError("Code: 6. DB::Exception: it is poison (CANNOT_PARSE_TEXT)")
