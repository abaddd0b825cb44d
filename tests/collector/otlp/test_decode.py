import pytest
from google.protobuf.unknown_fields import UnknownFieldSet
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import EntityRef

from collector.errors import DecodeError
from collector.otlp.decode import NeedsMending, decode
from tests.builders import request, span
from tests.collector.otlp.builders import (
    body,
    deep_body,
    field,
    names,
    request_of_spans_on_the_wire,
    spans_in,
)


def test_a_sound_request_passes_byte_for_byte() -> None:
    sent = body(span(), span(end_ns=0))

    decoded = decode(sent)

    assert decoded.body == sent
    assert decoded.repaired_strings == 0


def test_invalid_utf8_is_replaced_and_counted_and_nothing_else_changes() -> None:
    sent = body(span("chat gpt-4o"), span("other", {"key": "value"}, start_ns=7))

    decoded = decode(sent.replace(b"gpt-4o", b"gpt\xff4o").replace(b"value", b"v\xc3lu\x80"))

    assert decoded.repaired_strings == 2
    assert names(decoded.request) == ["chat gpt\ufffd4o", "other"]
    assert decoded.request == ExportTraceServiceRequest.FromString(decoded.body)
    repaired = spans_in(decoded.request)[1]
    assert repaired.attributes[0].value.string_value == "v\ufffdlu\ufffd"
    assert repaired.start_time_unix_nano == 7


def test_strings_in_a_list_are_repaired_too() -> None:
    sent = request(span())
    sent.resource_spans[0].resource.entity_refs.append(EntityRef(type="host", id_keys=["good", "brok"]))

    decoded = decode(sent.SerializeToString().replace(b"brok", b"br\xffk"))

    assert list(decoded.request.resource_spans[0].resource.entity_refs[0].id_keys) == ["good", "br\ufffdk"]
    assert decoded.repaired_strings == 1


@given(st.binary(min_size=1, max_size=40))
def test_any_bytes_as_a_name_are_repaired(name: bytes) -> None:
    placeholder = b"\x01" * len(name)
    sent = body(span(placeholder.decode())).replace(
        b"\x2a" + bytes([len(name)]) + placeholder, field(5, name)
    )

    assert names(decode(sent).request) == [name.decode("utf-8", "replace")]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"not protobuf at all", id="text"),
        pytest.param(body(span())[:-1], id="cut off"),
        pytest.param(
            body(span("work", {"key": "value"})).replace(b"value", b"\xffalue")[:-1], id="both wrong"
        ),
    ],
)
def test_what_is_no_request_is_refused(sent: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(sent)


def test_what_only_a_walk_can_mend_is_left_to_who_has_the_time() -> None:
    with pytest.raises(NeedsMending):
        decode(body(span("written")).replace(b"written", b"wr\xfften"), mend=False)


def test_values_nested_deeper_than_the_parser_goes_are_refused() -> None:
    with pytest.raises(DecodeError, match="Depth"):
        decode(deep_body(200))


@pytest.mark.parametrize(
    "odd", [field(5, b"again"), field(99, b"") + field(5, b"")], ids=["a name twice", "an unknown field"]
)
def test_what_no_encoder_writes_is_written_anew(odd: bytes) -> None:
    sent = request_of_spans_on_the_wire(field(2, span("once").SerializeToString() + odd))

    decoded = decode(sent)

    assert decoded.body == decoded.request.SerializeToString() != sent
    assert not UnknownFieldSet(spans_in(decoded.request)[0])


@pytest.mark.parametrize(
    "more",
    [
        field(1000, b"another project") + b"\xd1\x3e" + bytes(8),
        b"\xf8\x0f\x00" * 1000,
        b"\x93\x03\x08\x07\x94\x03",
        b"\x08\x07",
    ],
    ids=["the journal's own", "a number, often", "a group", "a number for the resources"],
)
def test_fields_of_the_request_that_otlp_does_not_have_are_left_out(more: bytes) -> None:
    sent = body(span("kept"))

    decoded = decode(sent + more)

    assert decoded.body == sent
