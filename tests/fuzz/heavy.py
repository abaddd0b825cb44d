"""Half a mebibyte that costs the receiver most: what is small on the wire, and an object or a step each."""

from collections.abc import Callable, Mapping

from collector.otlp.signal import Signal
from tests.collector.otlp.builders import field, request_of_spans_on_the_wire
from tests.fuzz.asked import Asked

_BYTES = 512 << 10
_UNKNOWN = b"\xf8\x0f\x00"


def _in_a_span(part: bytes, before: bytes = b"") -> bytes:
    return request_of_spans_on_the_wire(field(2, before + part * (_BYTES // len(part))))


def _spans(part: bytes) -> Asked:
    text = b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[%s{}]}]}]}]}'
    return Asked("http", text % (part * (_BYTES // len(part))), Signal.TRACES, "json")


def _points(part: bytes, within: Callable[[bytes], bytes]) -> Asked:
    return Asked("grpc", field(1, field(2, within(part * (_BYTES // len(part))))), Signal.METRICS)


HEAVY: Mapping[str, Asked] = {
    "a name that is no UTF-8, and attributes without anything": Asked(
        "http", _in_a_span(field(9, b""), field(5, b"\xff"))
    ),
    "attributes that are no UTF-8": Asked("http", _in_a_span(field(9, field(1, b"\xff")))),
    "resources without anything": Asked("http", field(1, b"") * (_BYTES // 2)),
    "fields of the request that OTLP does not have": Asked("http", _UNKNOWN * (_BYTES // 3)),
    "fields of a span that OTLP does not have": Asked("http", _in_a_span(_UNKNOWN)),
    "metrics without anything": _points(field(2, b""), lambda metrics: metrics),
    "data points without anything": _points(field(1, b""), lambda points: field(2, field(5, points))),
    "attributes in JSON": _spans(b'{"key":"k","value":{"intValue":"1"}},'),
    "attributes in JSON without anything": _spans(b"{},"),
    "resources in JSON that are null": Asked(
        "http", b'{"resourceSpans":[%snull]}' % (b"null," * (_BYTES // 5)), Signal.TRACES, "json"
    ),
    "a text in JSON that is no Unicode": _spans(b'{"key":"%s"},' % (b"\\ud800" * 10_000)),
}
