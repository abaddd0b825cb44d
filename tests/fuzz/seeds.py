"""Where the search on bytes begins: requests that were really sent, and the words of OTLP."""

from collections.abc import Iterator
from pathlib import Path

from collector.otlp.signal import Signal
from collector.otlp.wire import length_delimited, varint
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.fuzz.asked import RAW, WAYS
from tests.log_builders import heartbeat, log, logs_request

_CAPTURES = Path(__file__).parents[1] / "captures/requests"
_BYTES_MAX = 3000

_JSON = {
    Signal.TRACES: b'{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":{"stringValue":"b"}}]},'
    b'"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",'
    b'"spanId":"eee19b7ec3c1b174","name":"x","kind":2,"startTimeUnixNano":"1544712660000000000","attributes":'
    b'[{"key":"k","value":{"kvlistValue":{"values":[{"key":"n","value":{"doubleValue":1e5}}]}}},{"key":"a",'
    b'"value":{"arrayValue":{"values":[{"intValue":"1"},{"bytesValue":"AP8="},{"boolValue":true}]}}}]}]}]}]}',
    Signal.LOGS: b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"spanId":"eee19b7ec3c1b174","eventName":'
    b'"gen_ai.choice","timeUnixNano":"1544712660000000000","traceId":"5b8efff798038103d269b633813fc60c","body":'
    b'{"stringValue":"b"},"attributes":[{"key":"partial.event","value":{"stringValue":"heartbeat"}}]}]}]}]}',
    Signal.METRICS: b'{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","sum":{"dataPoints":['
    b'{"asInt":1}]}},{"gauge":{"data_points":[{},null]}}]}]}]}',
}


def _http(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode() + body


_JSON_TYPE, _PROTOBUF_TYPE = (
    "content-type: application/json",
    "content-type: application/x-protobuf; charset=utf-8",
)
_HEADS = (
    _http("POST /v1/traces HTTP/1.1", "host: a", _JSON_TYPE, "content-length: 2", body=b"{}"),
    _http(
        *("POST /api/public/otel/v1/traces HTTP/1.1", _PROTOBUF_TYPE, "transfer-encoding: chunked"),
        body=b"2\r\n\n\0\r\n0\r\n\r\n" + _http("GET /readyz HTTP/1.1", "x-api-key: pk_1"),
    ),
    _http(
        *("POST /v1/logs HTTP/1.1", "expect: 100-continue", "authorization: Basic dTpw", _JSON_TYPE),
        *("content-encoding: gzip", "content-length: 5"),
        body=b"\x1f\x8b\x08\0\0",
    ),
    _http("GET /metrics HTTP/1.0", "connection: upgrade", "upgrade: h2c"),
    _http("HEAD /v1/info?x=%ff HTTP/1.1", "authorization: Bearer pk_0123abcd_"),
)

_WORDS = (
    *(
        b"stringValue",
        b"intValue",
        b"doubleValue",
        b"boolValue",
        b"bytesValue",
        b"arrayValue",
        b"kvlistValue",
    ),
    *(b"resourceSpans", b"scopeSpans", b"resourceLogs", b"scopeLogs", b"logRecords", b"spans", b"attributes"),
    *(b"traceId", b"spanId", b"parentSpanId", b"startTimeUnixNano", b"events", b"links", b"status", b"key"),
    *(
        b"partial.event",
        b"heartbeat",
        b"gen_ai.choice",
        b"exception.type",
        b"dataPoints",
        b"value",
        b"values",
    ),
    *(b"NaN", b"-Infinity", b"1e999", b"\\ud800", b"\xff", b"null", b"SPAN_KIND_CLIENT", b"[[[[", b'{"'),
    *(b"content-length: ", b"transfer-encoding: chunked\r\n", b"content-encoding: zstd\r\n", b"\r\n\r\n"),
    *(varint(length_delimited(number)) for number in (1, 2, 3, 5, 6, 9, 11, 13, 15, 1000)),
)


def seeds() -> Iterator[bytes]:
    """Yield inputs of the form that `asked` reads."""
    odd = span("chat", {"gen_ai.agent.name": "planner", "n": 3, "list": ["a", {"b": 1.5}]}, error="no")
    deep = [span(f"step {n}", {"deep": [[[["x"]]]]}, events=[("event", {"k": True})]) for n in range(4)]
    said = logs_request(heartbeat(odd), log("gen_ai.choice", {"a": [1]}, of=odd, body={"b": [{}]}))
    bodies = {Signal.TRACES: body(odd), Signal.LOGS: said.SerializeToString(), Signal.METRICS: body(odd)}
    for number, way in enumerate(WAYS[:RAW]):
        request = way(b"")
        known = bodies if request.encoding == "protobuf" else _JSON
        yield bytes([number]) + known[request.signal]
    yield b"\0" + body(*deep)
    for path in sorted(_CAPTURES.rglob("*.traces.pb")):
        if path.stat().st_size <= _BYTES_MAX:
            yield b"\0" + path.read_bytes()
    for head in _HEADS:
        yield bytes([RAW]) + head


def dictionary() -> str:
    """In the form that libFuzzer reads."""
    return "".join('"{}"\n'.format("".join(f"\\x{byte:02x}" for byte in word)) for word in _WORDS)
