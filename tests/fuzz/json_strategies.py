"""Requests as JSON text, from OTLP's descriptors: text, as no JSON library would write what is odd in it."""

from functools import cache

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.otlp.signal import Signal
from tests.fuzz import odd
from tests.fuzz.wire_strategies import ITEMS, MANY, MANY_BYTES_MAX, Bytes, damaged

_ENVELOPES = {
    Signal.TRACES: (b"resourceSpans", b"scopeSpans", b"spans"),
    Signal.LOGS: (b"resourceLogs", b"scopeLogs", b"logRecords"),
    Signal.METRICS: (b"resourceMetrics", b"scopeMetrics", b"metrics"),
}


def _quoted(text: bytes) -> bytes:
    """As JSON needs it; bytes that are no UTF-8 stay."""
    text = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + b"".join(b"\\u%04x" % byte if byte < 32 else bytes([byte]) for byte in text) + b'"'


_TEXTS, _KEYS, _EVENTS = ([_quoted(text) for text in texts] for texts in (odd.TEXTS, odd.KEYS, odd.EVENTS))


def _object(members: Bytes, most: int) -> Bytes:
    return st.lists(members, max_size=most).map(lambda each: b"{" + b",".join(each) + b"}")


def _array(items: Bytes, most: int = 3) -> Bytes:
    return st.lists(items, max_size=most).map(lambda each: b"[" + b",".join(each) + b"]")


@cache
def _members(descriptor: Descriptor) -> Bytes:
    """Any member, named as in JSON or as in protobuf, and some that OTLP does not have."""
    known = [_member(each) for each in descriptor.fields]
    unknown = st.sampled_from(odd.JSON_SCALARS).map(lambda value: b'"later":' + value)
    return st.one_of(*known, *known, unknown)


def _member(each: FieldDescriptor) -> Bytes:
    names = st.sampled_from([each.json_name, each.json_name, each.name, each.json_name.upper()])
    return st.tuples(names, _value(each)).map(lambda pair: b'"%s":%s' % (pair[0].encode(), pair[1]))


def _value(each: FieldDescriptor) -> Bytes:
    wrong = st.sampled_from(odd.JSON_SCALARS)
    if each.type == FieldDescriptor.TYPE_MESSAGE:
        right = st.deferred(lambda: json_item(each.message_type))
    elif each.type == FieldDescriptor.TYPE_STRING:
        right = st.sampled_from({"key": _KEYS, "event_name": _EVENTS}.get(each.name, _TEXTS))
    else:
        right = st.sampled_from(odd.JSON_BY_TYPE.get(each.cpp_type, odd.JSON_SCALARS[:5]))
    if each.is_repeated:
        right = _array(right)
    return st.one_of(*[right] * 20, wrong)


@cache
def json_item(descriptor: Descriptor) -> Bytes:
    """An object; of those that are worthless without something, most have it."""
    if descriptor is KeyValue.DESCRIPTOR:
        value = st.one_of(*[st.sampled_from(_VALUES)] * 5, _any_value())
        return st.tuples(st.sampled_from(_KEYS), value).map(lambda pair: b'{"key":%s,"value":%s}' % pair)
    if descriptor is AnyValue.DESCRIPTOR:
        return _any_value()
    members = _members(descriptor)
    if descriptor in {Span.DESCRIPTOR, LogRecord.DESCRIPTOR}:
        more = st.lists(members, max_size=3).map(lambda each: b"".join(b"," + one for one in each))
        attributes = _array(st.deferred(lambda: json_item(KeyValue.DESCRIPTOR)), 3)
        return st.tuples(_identity(), attributes, more).map(lambda parts: b'{%s,"attributes":%s%s}' % parts)
    return _object(members, 3)


@cache
def _any_value() -> Bytes:
    return _object(_members(AnyValue.DESCRIPTOR), 2)


def _identity() -> Bytes:
    return st.binary(min_size=8, max_size=8).map(
        lambda some: (
            b'"traceId":"%s","spanId":"%s","startTimeUnixNano":"1544712660000000000"'
            % ((b"i" * 8 + some).hex().encode(), (some[::-1][:7] + b"i").hex().encode())
        )
    )


def _nested(depth: int) -> bytes:
    return b'{"arrayValue":{"values":[' * depth + b"{}" + b"]}}" * depth


_VALUES = [
    *(b'{"stringValue":%s}' % text for text in _TEXTS * 3),
    *(b'{"intValue":%s}' % number for number in odd.JSON_BY_TYPE[FieldDescriptor.CPPTYPE_INT64]),
    *(b'{"double_value":%s}' % number for number in odd.JSON_BY_TYPE[FieldDescriptor.CPPTYPE_DOUBLE]),
    *(b'{"kvlistValue":{"values":[{"key":%s,"value":{"boolValue":true}}]}}' % key for key in _KEYS[-8:]),
    *map(_nested, (1, 2, 3, 10, 30, 46)),
    *(b"{}", b"null", b'{"boolValue":false}', b'{"bytesValue":"_-8"}', b'{"bytesValue":"AP8="}', _nested(60)),
    *map(_nested, (200, 300, 400, 30_000)),
]


@cache
def _items(signal: Signal) -> SearchStrategy[list[bytes]]:
    return st.lists(json_item(ITEMS[signal]), min_size=1, max_size=3)


_TIMES, _IS_DAMAGED = st.sampled_from(MANY), st.sampled_from([False] * 6 + [True])


@st.composite
def json_request(draw: st.DrawFn, signal: Signal) -> bytes:
    """A request in OTLP/JSON."""
    resources, scopes, items = _ENVELOPES[signal]
    content = b",".join(draw(_items(signal)))
    times = min(draw(_TIMES), MANY_BYTES_MAX // len(content) + 1)
    content = b",".join([content] * times)
    request = b'{"%s":[{"%s":[{"%s":[%s]}]}]}' % (resources, scopes, items, content)
    return draw(damaged(request)) if draw(_IS_DAMAGED) else request
