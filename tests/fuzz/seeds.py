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
    Signal.TRACES: b'{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},'
    b'"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",'
    b'"spanId":"eee19b7ec3c1b174","name":"x","kind":2,"startTimeUnixNano":"1544712660000000000","attributes":'
    b'[{"key":"k","value":{"kvlistValue":{"values":[{"key":"n","value":{"doubleValue":1e5}}]}}},{"key":"a",'
    b'"value":{"arrayValue":{"values":[{"intValue":"1"},{"bytesValue":"AP8="},{"boolValue":true}]}}}]}]}]}]}',
    Signal.LOGS: b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"5b8efff798038103d269b633813fc60c",'
    b'"spanId":"eee19b7ec3c1b174","eventName":"gen_ai.choice","timeUnixNano":"1544712660000000000","body":'
    b'{"stringValue":"b"},"attributes":[{"key":"partial.event","value":{"stringValue":"heartbeat"}}]}]}]}]}',
    Signal.METRICS: b'{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","sum":{"dataPoints":[{"asInt":1}]}}'
    b',{"gauge":{"data_points":[{},null]}}]}]}]}',
}  # fmt: skip

_HEADS = (
    b"POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
    b"POST /api/public/otel/v1/traces HTTP/1.1\r\ncontent-type: application/x-protobuf; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\nx-api-key: pk_1\r\n\r\n2\r\n\n\0\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\n\r\n",
    b"POST /v1/logs HTTP/1.1\r\nexpect: 100-continue\r\nauthorization: Basic dTpw\r\ncontent-encoding: gzip\r\n"
    b"content-type: application/json\r\ncontent-length: 5\r\n\r\n\x1f\x8b\x08\x00\x00",
    b"GET /metrics HTTP/1.0\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
    b"HEAD /v1/info?x=%ff HTTP/1.1\r\nauthorization: Bearer pk_0123abcd_\r\n\r\n",
)

_WORDS = (
    *(b"stringValue", b"intValue", b"doubleValue", b"boolValue", b"bytesValue", b"arrayValue", b"kvlistValue"),
    *(b"resourceSpans", b"scopeSpans", b"resourceLogs", b"scopeLogs", b"logRecords", b"spans", b"attributes"),
    *(b"traceId", b"spanId", b"parentSpanId", b"startTimeUnixNano", b"events", b"links", b"status", b"key"),
    *(b"partial.event", b"heartbeat", b"gen_ai.choice", b"exception.type", b"dataPoints", b"value", b"values"),
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
