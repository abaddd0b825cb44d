"""A request that the engine refuses is set apart; the others of its segment load."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from collector.journal.record import frame
from collector.journal.segment import Folders, Segment
from collector.loader.loader import Loader
from collector.loader.segment_reader import SegmentReader
from collector.store.store import Store
from tests.builders import request, span
from tests.segments import seal

# A span whose attributes (field 9) are a number: the wire type is wrong, protobuf would skip it.
SPAN_OF_WRONG_WIRE_TYPE = bytes.fromhex("0a10" + "11" * 16 + "1208" + "22" * 8) + b"\x48\x07"


def nested(*bodies: bytes) -> bytes:
    """Wrap bytes as a span in a scope in a resource."""
    body = bodies[0]
    for tag in (b"\x12", b"\x12", b"\x0a"):
        body = tag + bytes([len(body)]) + body
    return body


def seal_with_bad(folders: Folders, good: int) -> Segment:
    bodies = [request(span()).SerializeToString() for _ in range(good)]
    segment = seal(folders, bodies)
    bad = frame(nested(SPAN_OF_WRONG_WIRE_TYPE), "default", 1)
    path = folders.sealed / segment.file_name
    whole = Segment(segment.signal, segment.id, segment.day, segment.rows + 1)
    (folders.sealed / whole.file_name).write_bytes(path.read_bytes() + bad)
    path.unlink()
    return whole


def test_a_refused_request_is_set_apart_and_the_rest_is_loaded(
    store: Store, folders: Folders, loader: Loader
) -> None:
    segment = seal_with_bad(folders, good=7)

    loader.load([segment])
    (rest,) = [Segment.parse(path.name) for path in folders.sealed.iterdir()]
    loader.load([rest])

    (row,) = store.query("SELECT count() AS n FROM spans")
    assert row["n"] == 7
    (reason,) = folders.quarantine.glob("*.reason")
    assert "Code:" in reason.read_text()
    assert reason.with_suffix(".pb").read_bytes() == nested(SPAN_OF_WRONG_WIRE_TYPE)


def test_a_segment_that_is_too_much_at_once_is_halved(
    store: Store, folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = seal(folders, [request(span()).SerializeToString() for _ in range(8)])
    insert, limit = SegmentReader.insert, 4

    def insert_little(reader: SegmentReader, folder: Path, segments: Sequence[Segment]) -> None:
        if sum(one.rows for one in segments) > limit:
            raise DatabaseError("Code: 241. DB::Exception: too much (MEMORY_LIMIT_EXCEEDED)")
        insert(reader, folder, segments)

    monkeypatch.setattr(SegmentReader, "insert", insert_little)

    loader.load([segment])
    for half in [Segment.parse(path.name) for path in folders.sealed.iterdir()]:
        loader.load([half])

    (row,) = store.query("SELECT count() AS n, uniqExact(segment) AS segments FROM spans")
    assert row == {"n": 8, "segments": 2}
    assert not list(folders.quarantine.iterdir())


def test_an_interrupted_bisection_done_again_gives_the_same_rest(
    folders: Folders, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = seal_with_bad(folders, good=3)
    bytes_before = (folders.sealed / segment.file_name).read_bytes()
    loader.load([segment])
    first = {path.name: path.read_bytes() for path in folders.sealed.iterdir()}
    (folders.sealed / segment.file_name).write_bytes(bytes_before)

    loader.load([segment])

    assert {path.name: path.read_bytes() for path in folders.sealed.iterdir()} == first
    assert len(list(folders.quarantine.glob("*.reason"))) == 1
