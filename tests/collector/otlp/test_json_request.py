import contextlib
import json
import math
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from collector.errors import DecodeError, TooLarge
from collector.otlp.decode import Decoded, decode
from collector.otlp.json_request import Reading, from_json
from tests.collector.otlp.builders import spans_in

CAPTURES = Path("/work/shared/captures")

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def reading(spans: int = 50_000, elements: int = 1_000_000) -> Reading:
    return Reading(items_left=spans, elements_left=elements)


def read(document: Any) -> ExportTraceServiceRequest:
    return from_json(json.dumps(document).encode(), reading())


def decode_json(body: bytes) -> Decoded:
    """As the receiver does it."""
    return decode(from_json(body, reading()).SerializeToString())


def of_spans(*spans: Any) -> dict[str, Any]:
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


def read_value(value: Any) -> AnyValue:
    built = read(of_spans({"attributes": [{"key": "k", "value": value}]}))
    return spans_in(built)[0].attributes[0].value


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not on this machine")
def test_every_capture_says_the_same_in_both_encodings() -> None:
    pairs = [(path, path.with_suffix(".pb")) for path in sorted(CAPTURES.glob("*/*.traces.json"))]
    pairs = [(text, binary) for text, binary in pairs if binary.exists()]

    assert pairs
    for text, binary in pairs:
        assert from_json(text.read_bytes(), reading()) == ExportTraceServiceRequest.FromString(
            binary.read_bytes()
        )


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not on this machine")
@pytest.mark.parametrize(
    "path", sorted(CAPTURES.glob("vercel-ai_json/*.traces.json")), ids=lambda path: path.name
)
def test_what_the_javascript_exporter_sends_is_read(path: Path) -> None:
    spans = spans_in(from_json(path.read_bytes(), reading()))

    assert spans
    assert all(
        len(one.trace_id) == 16 and len(one.span_id) == 8 and one.start_time_unix_nano for one in spans
    )


@pytest.mark.parametrize("text", [TRACE_ID, TRACE_ID.upper()])
def test_ids_are_hex_in_either_case(text: str) -> None:
    sent = of_spans(
        {"traceId": text, "spanId": "00F067AA0BA902B7", "links": [{"traceId": text, "spanId": "0" * 16}]}
    )

    span = spans_in(read(sent))[0]

    assert span.trace_id == span.links[0].trace_id == bytes.fromhex(TRACE_ID)
    assert span.span_id == bytes.fromhex("00f067aa0ba902b7")


@pytest.mark.parametrize("text", ["zz" * 16, "abc", "+/+/+/+/+/+/+/+/+/+/+w=="])
def test_an_id_that_is_no_hex_has_a_wrong_length_for_the_screen_to_find(text: str) -> None:
    span = spans_in(read(of_spans({"traceId": text})))[0]

    assert len(span.trace_id) not in {0, 16}


@pytest.mark.parametrize("parent", [None, ""])
def test_a_root_has_no_parent(parent: str | None) -> None:
    assert spans_in(read(of_spans({"parentSpanId": parent})))[0].parent_span_id == b""


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3), ("3", 3), (3.0, 3), ("SPAN_KIND_CLIENT", 3), (77, 77), ("SPAN_KIND_NEW", 0)]
)
def test_enums_are_numbers_or_names(value: float | str, number: int) -> None:
    assert spans_in(read(of_spans({"kind": value})))[0].kind == number


@pytest.mark.parametrize("value", [2**53 + 1, str(2**53 + 1)])
def test_a_64_bit_integer_survives_as_text_and_as_number(value: int | str) -> None:
    span = spans_in(read(of_spans({"startTimeUnixNano": value})))[0]

    assert span.start_time_unix_nano == 2**53 + 1
    assert read_value({"intValue": value}).int_value == 2**53 + 1


def test_what_javascript_calls_an_integer_beyond_64_bits_is_a_double() -> None:
    assert read_value({"intValue": 1e21}).double_value == 1e21
    assert read_value({"intValue": 1e15}).int_value == 10**15


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"stringValue": "text"}, AnyValue(string_value="text")),
        ({"stringValue": ""}, AnyValue(string_value="")),
        ({"boolValue": False}, AnyValue(bool_value=False)),
        ({"doubleValue": 0.5}, AnyValue(double_value=0.5)),
        ({"doubleValue": "-Infinity"}, AnyValue(double_value=-math.inf)),
        ({"bytesValue": "aGVsbG8="}, AnyValue(bytes_value=b"hello")),
        ({"bytesValue": "-_8"}, AnyValue(bytes_value=b"\xfb\xff")),
        ({}, AnyValue()),
        ({"string_value": "text"}, AnyValue(string_value="text")),
        ({"stringValue": None}, AnyValue()),
    ],
)
def test_every_kind_of_value_is_read(sent: dict[str, Any], expected: AnyValue) -> None:
    assert read_value(sent) == expected


def test_not_a_number_is_read() -> None:
    assert math.isnan(read_value({"doubleValue": "NaN"}).double_value)


def test_arrays_and_maps_are_read() -> None:
    value = read_value(
        {
            "arrayValue": {
                "values": [{"intValue": "1"}, None, {"kvlistValue": {"values": [{"key": "a", "value": {}}]}}]
            }
        }
    )

    assert [item.WhichOneof("value") for item in value.array_value.values] == [
        "int_value",
        None,
        "kvlist_value",
    ]


def test_unknown_fields_nulls_snake_case_and_double_keys_are_no_fault() -> None:
    text = b"""{"resource_spans": [{"resource": null, "new": {"x": [1]}, "scopeSpans": [{"scope": {},
        "spans": [
        {"name": "first", "name": "last", "start_time_unix_nano": "5", "traceState": null}]}]}], "more": 1}"""

    span = spans_in(from_json(text, reading()))[0]

    assert (span.name, span.start_time_unix_nano) == ("last", 5)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b'"a\\ud83dz"', id="a lone surrogate"),
        pytest.param(b'"a\xffz"', id="a byte that is not UTF-8"),
    ],
)
def test_text_that_is_none_is_repaired_and_counted(text: bytes) -> None:
    counted = reading()

    built = from_json(b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":%s}]}]}]}' % text, counted)

    assert spans_in(built)[0].name == "a\ufffdz"
    assert counted.repaired_strings == 1


def test_a_pair_of_surrogates_is_one_character_beside_a_repaired_one() -> None:
    sent = b'{"resourceSpans":[{"schemaUrl":"\\ud83d\\ude00","scopeSpans":[{"schemaUrl":"\\ud83d"}]}]}'

    assert from_json(sent, reading()).resource_spans[0].schema_url == "\U0001f600"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert from_json(b"\xef\xbb\xbf{}", reading()) == ExportTraceServiceRequest()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[]", id="an array"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\x0a\x03abc", id="protobuf"),
        pytest.param(b'{"resourceSpans": {}}', id="an object for an array"),
        pytest.param(b'{"resourceSpans": [3]}', id="a number for an object"),
        pytest.param(orjson.dumps(of_spans({"name": 5})), id="a number for a name"),
        pytest.param(orjson.dumps(of_spans({"traceId": 5})), id="a number for an id"),
        pytest.param(orjson.dumps(of_spans({"startTimeUnixNano": "soon"})), id="a word for a time"),
        pytest.param(orjson.dumps(of_spans({"startTimeUnixNano": -1})), id="a negative time"),
        pytest.param(orjson.dumps(of_spans({"startTimeUnixNano": 1.5})), id="half a nanosecond"),
        pytest.param(orjson.dumps(of_spans({"kind": [1]})), id="an array for a kind"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b'{"a":' * 5_000 + b"1" + b"}" * 5_000, id="nested 5,000 deep"),
        pytest.param(b'{"resourceSpans": [' + b"9" * 5_000 + b"]}", id="a number of 5,000 digits"),
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        from_json(body, reading())


@pytest.mark.parametrize("depth", [200, 330])
def test_values_nested_too_deep_are_refused_by_this_or_by_the_parser(depth: int) -> None:
    value = b'{"arrayValue":{"values":[' * depth + b'{"intValue":1}' + b"]}}" * depth
    attributes = b'[{"key":"deep","value":%s}]' % value

    with pytest.raises(DecodeError):
        decode_json(b'{"resourceSpans":[{"resource":{"attributes":%s}}]}' % attributes)


def test_more_spans_than_allowed_are_refused() -> None:
    with pytest.raises(TooLarge):
        from_json(orjson.dumps(of_spans(*[{}] * 11)), reading(spans=10))


def test_more_elements_than_allowed_are_refused_before_they_are_read() -> None:
    with pytest.raises(TooLarge):
        from_json(orjson.dumps(of_spans({"attributes": [{}] * 1_001})), reading(elements=1_000))
    with pytest.raises(TooLarge):
        from_json(b"[" + b"1," * 10_000, reading(elements=1_000))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "resourceSpans",
                    "scopeSpans",
                    "spans",
                    "attributes",
                    "key",
                    "value",
                    "stringValue",
                    "intValue",
                    "kind",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_read_or_refused(document: Any) -> None:
    with contextlib.suppress(DecodeError):
        read(document)
