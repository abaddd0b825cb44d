import time

import pytest

from collector.errors import DecodeError, TooLarge
from collector.otlp.bounds import check_bounds
from tests.builders import span
from tests.collector.otlp.builders import body, field, request_of_spans_on_the_wire

SPANS_MAX, ELEMENTS_MAX = 50_000, 1_000_000

ATTRIBUTE = field(9, field(1, b"k") + field(2, field(1, b"v")))


def a_span_with(content: bytes) -> bytes:
    return request_of_spans_on_the_wire(field(2, content))


@pytest.mark.parametrize(
    "request_body",
    [
        pytest.param(request_of_spans_on_the_wire(field(2, b"") * 5_000_000), id="five million empty spans"),
        pytest.param(field(1, b"") * 2_000_000, id="two million empty resources"),
        pytest.param(a_span_with(field(9, b"") * 2_000_000), id="two million empty attributes"),
        pytest.param(a_span_with(field(11, b"") * 2_000_000), id="two million empty events"),
        pytest.param(a_span_with(field(13, b"") * 2_000_000), id="two million empty links"),
        pytest.param(
            a_span_with(field(9, field(2, field(5, field(1, b"") * 2_000_000)))),
            id="two million empty array items",
        ),
        pytest.param(b"\x50\x00" * 10_000_000, id="ten million fields that OTLP does not have"),
    ],
)
def test_absurd_numbers_are_refused_before_any_object_is_built(request_body: bytes) -> None:
    began_s = time.process_time()

    with pytest.raises(TooLarge):
        check_bounds(request_body, SPANS_MAX, ELEMENTS_MAX)

    assert time.process_time() - began_s < 2


@pytest.mark.parametrize(
    "request_body",
    [
        pytest.param(a_span_with(ATTRIBUTE * 100_000), id="100,000 attributes in one span"),
        pytest.param(body(span("text", {"text": 'J"Zj\n\x1a' * 2_000_000})), id="text of tag bytes"),
        pytest.param(body(*(span("many", {"k": "v" * 500}) for _ in range(2_000))), id="2,000 spans"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_large_but_sound_requests_pass(request_body: bytes) -> None:
    check_bounds(request_body, SPANS_MAX, ELEMENTS_MAX)


def test_a_large_body_that_is_no_protobuf_is_refused() -> None:
    with pytest.raises(DecodeError):
        check_bounds(b"\x0a\xff" * 1_000_000, SPANS_MAX, ELEMENTS_MAX)
