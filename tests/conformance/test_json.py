"""OTLP/JSON over HTTP, and what lies in the journal of it."""

import json
import math
from typing import Any

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.collector.otlp.builders import spans_in
from tests.collector.receiver.process import JSON, ReceiverProcess

TRACE_ID, SPAN_ID = "0AF7651916cd43dd8448eb211c80319c", "00f067aa0ba902b7"


def sent(receiver: ReceiverProcess, text: str, content_type: str = JSON) -> Span:
    """The span that the receiver stored of a span written in JSON, without its outermost braces."""
    identity = f'"traceId": "{TRACE_ID}", "spanId": "{SPAN_ID}", "startTimeUnixNano": "5"'
    before, after = '{"resourceSpans": [{"scopeSpans": [{"spans": [{', "}]}]}]}"
    response = receiver.post(f"{before}{identity}, {text}{after}".encode(), content_type)
    assert (response.status_code, response.content) == (200, b"{}")
    return spans_in(receiver.requests[-1])[0]


def sent_value(receiver: ReceiverProcess, value: Any) -> AnyValue:
    attributes = json.dumps([{"key": "k", "value": value}])
    return sent(receiver, f'"attributes": {attributes}').attributes[0].value


@pytest.mark.otlp(18)
def test_ids_are_hex_in_either_case(receiver: ReceiverProcess) -> None:
    span = sent(
        receiver,
        f'"parentSpanId": "{SPAN_ID.upper()}", "links": [{{"traceId": "{TRACE_ID}", "spanId": "{SPAN_ID}"}}]',
    )

    assert span.trace_id == span.links[0].trace_id == bytes.fromhex(TRACE_ID)
    assert span.span_id == span.parent_span_id == span.links[0].span_id == bytes.fromhex(SPAN_ID)


@pytest.mark.otlp(19)
@pytest.mark.parametrize(("kind", "number"), [("3", 3), ('"SPAN_KIND_CLIENT"', 3), ("77", 77)])
def test_enums_are_numbers_or_names_and_those_of_the_future_stay(
    receiver: ReceiverProcess, kind: str, number: int
) -> None:
    assert sent(receiver, f'"kind": {kind}').kind == number


@pytest.mark.otlp(20)
def test_unknown_fields_are_ignored(receiver: ReceiverProcess) -> None:
    assert sent(receiver, '"name": "known", "invented": {"deep": [1, {"x": null}]}').name == "known"


@pytest.mark.otlp(21)
def test_keys_may_be_in_snake_case(receiver: ReceiverProcess) -> None:
    span = sent(receiver, '"trace_state": "a=1", "end_time_unix_nano": "7", "dropped_links_count": 2')

    assert (span.trace_state, span.end_time_unix_nano, span.dropped_links_count) == ("a=1", 7, 2)


@pytest.mark.otlp(22)
@pytest.mark.parametrize("number", [2**53 + 1, str(2**53 + 1)], ids=["number", "string"])
def test_an_integer_of_64_bits_survives(receiver: ReceiverProcess, number: int | str) -> None:
    assert sent_value(receiver, {"intValue": number}).int_value == 2**53 + 1
    assert sent(receiver, f'"endTimeUnixNano": {json.dumps(number)}').end_time_unix_nano == 2**53 + 1


@pytest.mark.otlp(23)
def test_bytes_are_base64_doubles_have_names_and_null_is_absent(receiver: ReceiverProcess) -> None:
    assert sent_value(receiver, {"bytesValue": "aGVsbG8="}).bytes_value == b"hello"
    assert math.isnan(sent_value(receiver, {"doubleValue": "NaN"}).double_value)
    assert sent_value(receiver, {"doubleValue": "Infinity"}).double_value == math.inf
    assert sent_value(receiver, {"doubleValue": "-Infinity"}).double_value == -math.inf
    assert not sent(receiver, '"status": null, "name": "null"').HasField("status")


@pytest.mark.otlp(24)
@pytest.mark.parametrize("parent", ["", '"parentSpanId": "", ', '"parentSpanId": "0000000000000000", '])
def test_a_parent_that_is_missing_empty_or_zero_makes_a_root(receiver: ReceiverProcess, parent: str) -> None:
    assert sent(receiver, f'{parent}"name": "root"').parent_span_id == b""


@pytest.mark.otlp(25)
def test_a_value_may_be_empty_an_array_or_a_map(receiver: ReceiverProcess) -> None:
    pairs = {"kvlistValue": {"values": [{"key": "a", "value": {}}]}}
    value = sent_value(receiver, {"arrayValue": {"values": [{"intValue": 1}, {}, pairs]}})

    assert sent_value(receiver, {}) == AnyValue()
    kinds = [item.WhichOneof("value") for item in value.array_value.values]
    assert kinds == ["int_value", None, "kvlist_value"]


@pytest.mark.otlp(26)
def test_utf8_with_a_charset_is_taken_and_of_a_key_given_twice_the_last_wins(
    receiver: ReceiverProcess,
) -> None:
    span = sent(receiver, '"name": "first", "name": "Grüße 🙂"', "application/json; charset=utf-8")

    assert span.name == "Grüße 🙂"
