"""Requests as protobuf: made from OTLP's own descriptors, sound at heart, odd around it."""

from functools import cache, partial

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.otlp.signal import Signal
from collector.otlp.wire import varint
from tests.collector.otlp.builders import field
from tests.fuzz import odd

Bytes = SearchStrategy[bytes]

ITEMS = {Signal.TRACES: Span.DESCRIPTOR, Signal.LOGS: LogRecord.DESCRIPTOR, Signal.METRICS: Metric.DESCRIPTOR}
_IDS = {"trace_id", "span_id", "parent_span_id"}
# what is repeated to be many is not repeated to be more than this
MANY_BYTES_MAX = 1 << 20
MANY = [1] * 200 + [50, 1_000, 60_000]

# Any number with any wire type, as a later OTLP may have it; groups; the fields of the journal's own.
_NUMBERS = (*range(1, 17), 50, 1001, 1002, 2**29 - 1)
_ODD_FIELDS = [
    *(varint(number << 3) + value for number in _NUMBERS for value in odd.VARINTS[:3]),
    *(varint(number << 3 | 1) + odd.FIXED64[0] for number in _NUMBERS),
    *(varint(number << 3 | 5) + odd.FIXED32[1] for number in _NUMBERS),
    *(field(number, text) for number in (50, 1000) for text in (b"", b"other", b"\xff")),
    *(varint(number << 3 | 3) + varint(number << 3 | 4) for number in (1, 2, 50)),
    b"\x93\x03\x08\x07\x94\x03",
]


def several(parts: Bytes, most: int) -> Bytes:
    return st.lists(parts, max_size=most).map(b"".join)


def tagged(number: int, contents: Bytes) -> Bytes:
    return contents.map(partial(field, number))


@cache
def message(descriptor: Descriptor) -> Bytes:
    """Fields in any order, twice or not at all, and some that it does not have."""
    known = [_field(each) for each in descriptor.fields]
    return several(st.one_of(*known * 4, st.sampled_from(_ODD_FIELDS)), 3)


def _field(each: FieldDescriptor) -> Bytes:
    if each.type == FieldDescriptor.TYPE_MESSAGE:
        contents = st.deferred(lambda: item_of(each.message_type))
        return tagged(each.number, contents)
    if each.type in {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES}:
        return tagged(each.number, st.sampled_from(_texts(each)))
    wire_type, values = _numbers(each)
    return st.sampled_from(values).map(lambda value: varint(each.number << 3 | wire_type) + value)


def _texts(each: FieldDescriptor) -> list[bytes]:
    if each.name in _IDS:
        return list(odd.IDS)
    if each.name == "key":
        return odd.KEYS
    return odd.EVENTS if each.name == "event_name" else odd.TEXTS


def _numbers(each: FieldDescriptor) -> tuple[int, list[bytes]]:
    if each.type in {FieldDescriptor.TYPE_FIXED64, FieldDescriptor.TYPE_SFIXED64}:
        return 1, odd.FIXED64
    if each.type == FieldDescriptor.TYPE_DOUBLE:
        return 1, odd.DOUBLES
    if each.type == FieldDescriptor.TYPE_FIXED32:
        return 5, odd.FIXED32
    return 0, odd.VARINTS[:-2]


@cache
def item_of(descriptor: Descriptor) -> Bytes:
    """A message; of those that are worthless without something, most have it."""
    if descriptor is KeyValue.DESCRIPTOR:
        value = st.one_of(*[st.sampled_from(_VALUES)] * 4, tagged(2, _any_value()))
        return st.tuples(st.sampled_from(_KEYS), value).map(b"".join)
    if descriptor in {Span.DESCRIPTOR, LogRecord.DESCRIPTOR}:
        sound = st.tuples(_identity(descriptor), message(descriptor), _attributes(descriptor)).map(b"".join)
        return st.one_of(sound, sound, sound, message(descriptor))
    return message(descriptor)


def _any_value() -> Bytes:
    return st.deferred(lambda: message(AnyValue.DESCRIPTOR))


def _identity(descriptor: Descriptor) -> Bytes:
    ids = {each.name: each.number for each in descriptor.fields}
    start = ids.get("start_time_unix_nano", ids.get("time_unix_nano", 1))
    time = varint(start << 3 | 1) + odd.FIXED64[0]
    return st.binary(min_size=8, max_size=8).map(
        lambda some: (
            field(ids["trace_id"], b"i" * 8 + some) + field(ids["span_id"], some[::-1][:7] + b"i") + time
        )
    )


def _attributes(descriptor: Descriptor) -> Bytes:
    number = descriptor.fields_by_name["attributes"].number
    return several(tagged(number, st.deferred(lambda: item_of(KeyValue.DESCRIPTOR))), 3)


def _nested(depth: int, value: bytes = b"\x18\x01") -> bytes:
    for _ in range(depth):
        value = field(5, field(1, value))
    return value


_KEYS = [field(1, key) for key in odd.KEYS]
_VALUES = [
    field(2, value)
    for value in (
        *(field(1, text) for text in odd.TEXTS * 3),
        *(b"\x18" + number for number in odd.VARINTS[:-2] * 2),
        *(b"\x21" + number for number in odd.DOUBLES * 2),
        *(field(7, text) for text in odd.TEXTS[-4:]),
        *(_nested(depth, field(1, text)) for depth in (1, 2, 3, 10, 30, 46) for text in odd.TEXTS[:3]),
        *(field(6, field(1, field(1, key) + field(2, field(1, b"v"))) * 2) for key in odd.KEYS[-8:]),
        *(b"\x10\x01", b"\x10\x02", b"", field(5, b""), field(6, b""), field(6, field(1, b"")), _nested(60)),
    )
]


def _heartbeat(body: Bytes) -> Bytes:
    """A log record that reports a span, in the words that `body` has."""
    word = field(6, field(1, b"partial.event") + field(2, field(1, b"heartbeat")))
    return st.tuples(_identity(LogRecord.DESCRIPTOR), tagged(5, tagged(1, body))).map(
        lambda two: b"".join(two) + word
    )


@cache
def _items(signal: Signal, reported: Bytes) -> SearchStrategy[list[bytes]]:
    items = item_of(ITEMS[signal])
    if signal is Signal.LOGS:
        items = st.one_of(items, items, _heartbeat(reported))
    return st.lists(items, min_size=1, max_size=3)


_TIMES, _IS_DAMAGED = st.sampled_from(MANY), st.sampled_from([False] * 6 + [True])
_SCOPE, _RESOURCE = message(InstrumentationScope.DESCRIPTOR), message(Resource.DESCRIPTOR)
_REST = st.sampled_from([b""] * 300 + _ODD_FIELDS)


@st.composite
def wire_request(draw: st.DrawFn, signal: Signal, reported: Bytes) -> bytes:
    """An Export*ServiceRequest; `reported` are bodies of heartbeats. All signals have the same numbers."""
    content = b"".join(field(2, item) for item in draw(_items(signal, reported)))
    times = min(draw(_TIMES), MANY_BYTES_MAX // len(content) + 1)
    scope = field(1, draw(_SCOPE)) + content * times
    request = field(1, field(1, draw(_RESOURCE)) + field(2, scope)) + draw(_REST)
    return draw(damaged(request)) if draw(_IS_DAMAGED) else request


_CHANGES, _SIZE, _HOW = st.integers(1, 3), st.integers(1, 40), st.integers(0, 4)
_SOME = st.binary(min_size=1, max_size=8)
_BYTE = st.sampled_from((b"\x00", b"\x7f", b"\x80", b"\xff", b'"', b"\x0a"))


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Changed, cut, doubled and moved: what finds faults in parsers."""
    changed = bytearray(data)
    for _ in range(draw(_CHANGES)):
        at, size = draw(st.integers(0, max(len(changed) - 1, 0))), draw(_SIZE)
        match draw(_HOW):
            case 0:
                changed[at : at + 1] = draw(_BYTE)
            case 1:
                del changed[at : at + size]
            case 2:
                changed[at:at] = changed[at : at + size]
            case 3:
                changed[at:at] = draw(_SOME)
            case _:
                del changed[max(at, 1) :]
    return bytes(changed)
