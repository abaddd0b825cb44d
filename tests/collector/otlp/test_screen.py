import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.errors import TooLarge
from collector.otlp.screen import screen
from tests.builders import SECOND, request, span
from tests.collector.otlp.builders import names, span_with, spans_in

SPANS_MAX = 50_000


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        pytest.param(span_with(trace_id=b""), "trace_id is not 16 bytes", id="no trace id"),
        pytest.param(span_with(trace_id=b"\x01" * 15), "trace_id is not 16 bytes", id="short trace id"),
        pytest.param(span_with(trace_id=bytes(16)), "trace_id is all zeros", id="zero trace id"),
        pytest.param(span_with(span_id=b"\x01" * 16), "span_id is not 8 bytes", id="long span id"),
        pytest.param(span_with(span_id=bytes(8)), "span_id is all zeros", id="zero span id"),
        pytest.param(span_with(start_time_unix_nano=0), "start_time_unix_nano is missing", id="no start"),
    ],
)
def test_a_bad_span_goes_and_its_neighbours_stay(bad: Span, rule: str) -> None:
    sent = request(span("first"), bad, span("last"))

    screened = screen(sent, SPANS_MAX)

    assert screened.rejected == {rule: 1}
    assert screened.spans == 2
    assert screened.changed
    assert names(sent) == ["first", "last"]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(span(end_ns=0), id="open"),
        pytest.param(span(start_ns=SECOND, end_ns=1), id="end before start"),
        pytest.param(span_with(start_time_unix_nano=1), id="1970"),
        pytest.param(span_with(start_time_unix_nano=7_258_118_400_000_000_000), id="2200"),
        pytest.param(span_with(start_time_unix_nano=2**64 - 1), id="2554"),
        pytest.param(span(name=""), id="without a name"),
        pytest.param(span_with(kind=99), id="a kind of the future"),
        pytest.param(span(parent=b"\x01" * 8), id="child"),
    ],
)
def test_a_span_that_is_only_odd_is_not_touched(odd: Span) -> None:
    screened = screen(request(odd), SPANS_MAX)

    assert (screened.spans, screened.changed, dict(screened.rejected)) == (1, False, {})


@pytest.mark.parametrize("parent", [b"\x01", b"\x01" * 16, bytes(8)])
def test_a_parent_id_that_is_none_is_dropped_and_the_span_stays(parent: bytes) -> None:
    sent = request(span("child", parent=parent))

    screened = screen(sent, SPANS_MAX)

    assert (screened.spans, screened.changed) == (1, True)
    assert spans_in(sent)[0].parent_span_id == b""


def test_an_empty_request_has_no_spans() -> None:
    assert screen(ExportTraceServiceRequest(), SPANS_MAX).spans == 0


def test_one_span_more_than_allowed_is_refused() -> None:
    screen(request(span(), span()), spans_max=2)

    with pytest.raises(TooLarge):
        screen(request(span(), span(), span()), spans_max=2)
