"""Scenarios 9, 10, 12 to 16: bombs, amplification, depth, text, times, numbers and attributes.

Each is answered for good or stored, nobody else waits for it or loses anything, and the engine refuses none.
What each becomes is tested beside the code (tests/collector); here all of it meets one running service.
"""

import gzip
import zlib
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from tests.builders import SECOND, span
from tests.collector.otlp.builders import body, deep_body, field, request_of_spans_on_the_wire
from tests.faults.clients import FINAL, PROTOBUF, Clients
from tests.faults.size import limit_s, note, percentile, sized
from tests.service import Service, until

TIMES = sized(2, 100)
PARALLEL = 8
ODD_TEXT = ("\x00", "\u202eevil\u202c", "\ud7ff", "é" * 5000, "😀", "\\N\t\n'; DROP TABLE spans;--")
ODD_TIMES_NS = (0, 1, 2**63 - 1, 2**63, 2**64 - 1, 4_000_000_000 * SECOND, 10 * SECOND)
ODD_NUMBERS = (float("nan"), float("inf"), float("-inf"), 1e308, -0.0, -1.0)


def zeros(mebibytes: int) -> bytes:
    compressor = zlib.compressobj(wbits=31)
    return b"".join(compressor.compress(bytes(1 << 20)) for _ in range(mebibytes)) + compressor.flush()


FINAL_REQUESTS = {
    "9 a gzip bomb": (zeros(1024), {"content-encoding": "gzip"}),
    "9 a gzip in a gzip": (gzip.compress(zeros(1024)), {"content-encoding": "gzip"}),
    "10 5 million empty spans": (request_of_spans_on_the_wire(field(2, b"") * 5_000_000), {}),
    "10 2 million attributes": (request_of_spans_on_the_wire(field(2, field(9, b"") * 2_000_000)), {}),
    "10 2 million events": (request_of_spans_on_the_wire(field(2, field(11, b"") * 2_000_000)), {}),
    "12 values 200 deep": (deep_body(200), {}),
    "12 values 100,000 deep": (b"\x2a" * 100_000, {}),
}

STORED = {
    "12 values 20 deep": [span("deep", {"v": [[[[[[[[[["bottom"]]]]]]]]]]})],
    "13 text": [span(f"odd {text}", {f"key {text}": text}) for text in ODD_TEXT],
    # without a start a span is refused, by a partial success
    "14 times": [
        span("time", start_ns=start, end_ns=end) for start in ODD_TIMES_NS[1:] for end in ODD_TIMES_NS
    ],
    "14 1,000 days": [span("day", start_ns=day * 86_400 * SECOND) for day in range(18_000, 19_000)],
    "15 numbers": [
        span("number", {"gen_ai.usage.input_tokens": number, "gen_ai.usage.cost": number})
        for number in (*ODD_NUMBERS, -(2**63), 2**63 - 1)
    ],
    "16 a value of 10 MB": [span("large", {"text": "J" * 10_000_000})],
    "16 100,000 keys": [span("many", {f"key {n}": n for n in range(100_000)})],
    "16 a key of 64 KiB": [span("long key", {"k" * 65_536: 1})],
}


def broken_text() -> bytes:
    """Bytes of text that are no UTF-8, in a value, as clients in C send them."""
    odd = span("broken ????")
    odd.attributes.append(KeyValue(key="text", value=AnyValue(string_value="????")))
    return body(odd).replace(b"????", b"\xff\xc3\xed\xa0")


@pytest.mark.faults
@pytest.mark.timeout(limit_s(900, 3600))
def test_whatever_arrives_is_refused_for_good_or_stored_and_harms_nobody(service: Service) -> None:
    before = service.stats()["spans"]
    receiver = psutil.Process(service.pids["receiver"])
    memory_mb = receiver.memory_info().rss >> 20
    most_mb = [memory_mb]

    def post(name: str, content: bytes, **headers: str) -> tuple[str, int]:
        answer = httpx.post(url, content=content, headers=PROTOBUF | headers, timeout=120)
        most_mb.append(receiver.memory_info().rss >> 20)
        return name, answer.status_code

    url = f"{service.url('otlp_http')}/v1/traces"
    with Clients(service.url("otlp_http"), clients=2, rate=20) as good, ThreadPoolExecutor(PARALLEL) as pool:
        bad = [
            pool.submit(post, name, content, **headers)
            for _ in range(TIMES)
            for name, (content, headers) in FINAL_REQUESTS.items()
        ]
        odd = [pool.submit(post, name, body(*spans)) for name, spans in STORED.items()]
        odd.append(pool.submit(post, "13 broken text", broken_text()))
        refused = [future.result() for future in bad]
        taken = [future.result() for future in odd]

    # 503 where all eight at once are more than the memory set aside: they come again, and are refused then
    assert {status for _, status in refused} <= FINAL | {503}, refused
    assert {status for _, status in taken} <= {200, 503}, taken
    assert 200 in good.answers
    assert good.answers.keys() <= {200, 503}
    for name in (name for name, status in taken if status == 503):
        spans = STORED.get(name)
        until(lambda n=name, s=spans: post(n, body(*s) if s else broken_text())[1] == 200, 60)
    spans_odd = sum(map(len, STORED.values())) + 1
    expected = before["stored"] + spans_odd + len(good.acknowledged)
    service.wait_until_stored(expected, 300)
    after = service.stats()["spans"]
    assert (after["stored"], after["quarantined"]) == (expected, before["quarantined"])
    assert service.is_ready()
    note(
        "9, 10, 12-16 bad input",
        f"{len(refused)} bad requests and {len(taken)} odd ones, {PARALLEL} at a time",
        answered_5xx_but_503=0,
        receiver_grew_mb=max(most_mb) - memory_mb,
        others_p99_ms=round(1000 * percentile(good.waits_s, 0.99)),
        quarantined=0,
    )
