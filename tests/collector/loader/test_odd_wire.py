"""What protobuf's parser takes and no encoder writes, through the door and into the real engine."""

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collector.journal.segment import Folders, segments
from collector.loader.loader import Loader
from collector.otlp.decode import decode
from collector.otlp.wire import varint
from collector.store.store import Store
from tests.builders import span
from tests.collector.otlp.builders import field, request_of_spans_on_the_wire
from tests.segments import seal


def number(field_number: int, value: int) -> bytes:
    return varint(field_number << 3) + varint(value)


def fixed64(field_number: int) -> bytes:
    return varint(field_number << 3 | 1) + bytes(8)


def group(field_number: int, content: bytes) -> bytes:
    return varint(field_number << 3 | 3) + content + varint(field_number << 3 | 4)


def text(value: bytes) -> bytes:
    return field(1, value)


def array(*values: bytes) -> bytes:
    return field(5, b"".join(field(1, value) for value in values))


def pair(key: bytes, *values: bytes) -> bytes:
    return field(9, field(1, key) + b"".join(field(2, value) for value in values))


def request_of(*odd: bytes) -> bytes:
    """A request of an odd span, which is a sound one with more bytes behind it, between sound ones."""
    sound, spoilt = span("before"), span("odd", {"kept": "yes"}).SerializeToString() + b"".join(odd)
    spans = (sound.SerializeToString(), spoilt, span("after").SerializeToString())
    return request_of_spans_on_the_wire(b"".join(field(2, one) for one in spans))


def loaded(store: Store, folders: Folders, loader: Loader, *bodies: bytes) -> list[dict[str, Any]]:
    """Load requests as the door lets them in, a segment each and all at once, and return their rows."""
    store.command("TRUNCATE TABLE spans")
    for body in bodies:
        seal(folders, [decode(body).body])
    load_all(folders, loader)
    return store.query("SELECT * EXCEPT (segment, received) FROM spans ORDER BY start, span_id")


def load_all(folders: Folders, loader: Loader) -> None:
    while waiting := segments(folders.sealed):
        loader.load(waiting)


ODDITIES = {
    "a name twice": field(5, b"odd again"),
    "a trace id twice": field(1, b"t" * 16),
    "a status in two pieces": field(15, field(2, b"boom")) + field(15, number(3, 2)),
    "a status message twice": field(15, field(2, b"one")) + field(15, field(2, b"two")),
    "two branches of a value": pair(b"k", text(b"x") + number(3, 5)),
    "a text and an array in one value": pair(b"k", text(b"x") + array(text(b"a"))),
    "a value twice": pair(b"k", text(b"x"), number(3, 5)),
    "a key twice": field(9, text(b"k") + field(2, text(b"x")) + text(b"l")),
    "an unknown field before an array": pair(b"k", array(fixed64(99) + array(text(b"x")))),
    "a kind of 34 bits": number(6, 1 << 33 | 2),
    "a bool of 2": pair(b"k", number(2, 2)),
    "a length with more bytes than it needs": varint(5 << 3 | 2) + b"\x83\x80\x00new",
    "attributes that are a number": number(9, 7),
    "a name that is a number": number(5, 7),
    "a status that is a number": number(15, 7),
    "a start that is a varint": number(7, 7),
    "a text that is a number": pair(b"k", number(1, 7)),
    "an array that is a fixed64": pair(b"k", fixed64(5)),
    "a group": group(50, number(1, 7) + group(2, b"")),
    "fields of a later OTLP": number(99, 7) + field(536_870_911, b"x"),
}


def as_protobuf_reads(body: bytes) -> bytes:
    read = ExportTraceServiceRequest.FromString(body)
    read.DiscardUnknownFields()
    return read.SerializeToString()


def test_odd_bytes_are_stored_as_protobuf_reads_them(store: Store, folders: Folders, loader: Loader) -> None:
    odd = [request_of(odd) for odd in ODDITIES.values()]
    plain = {row["span_id"]: row for row in loaded(store, folders, loader, *map(as_protobuf_reads, odd))}

    stored = {name: loaded(store, folders, loader, body) for name, body in zip(ODDITIES, odd, strict=True)}

    assert stored == {name: [plain[row["span_id"]] for row in rows] for name, rows in stored.items()}
    assert {len(rows) for rows in stored.values()} == {3}
    assert not list(folders.quarantine.iterdir())


def test_one_odd_request_does_not_cost_its_neighbours_anything(
    store: Store, folders: Folders, loader: Loader
) -> None:
    bodies = [request_of(), request_of(group(50, b"")), request_of(number(9, 7)), request_of()]
    seal(folders, [decode(body).body for body in bodies])

    load_all(folders, loader)

    assert store.query("SELECT count() AS n FROM spans") == [{"n": 12}]
    assert not list(folders.quarantine.iterdir())
