"""Our JSON says the same as the protobuf of the official exporter."""

import math
from typing import Any

import pytest
from doldrums_client.otlp_json import request
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

from client.tests.otlp_receiver import from_json

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)  # NaN equals nothing; it has a test of its own
    | _TEXT
    | st.binary(max_size=20)
)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(_TEXT, inner, max_size=3)
)
_ATTRIBUTES = st.dictionaries(_TEXT, _VALUES, max_size=5)
_TIMES_NS = st.integers(0, 2**63 - 1)


_STATE = TraceState([("vendor", "value")])


def _context(span_id: int, *, is_remote: bool = False, state: TraceState = _STATE) -> SpanContext:
    return SpanContext(0xABCDEF << 96 | 1, span_id, is_remote, TraceFlags(1), state)


@st.composite
def _spans(draw: st.DrawFn) -> ReadableSpan:
    return ReadableSpan(
        name=draw(_TEXT),
        context=_context(draw(st.integers(1, 2**64 - 1))),
        parent=draw(st.none() | st.booleans().map(lambda is_remote: _context(7, is_remote=is_remote))),
        resource=Resource(draw(st.sampled_from([{"service.name": "a"}, {"service.name": "b"}]))),
        attributes=draw(_ATTRIBUTES),
        events=[Event(name, said, at) for name, said, at in draw(_EVENTS)],
        links=[Link(_LINKED, said) for said in draw(st.lists(_ATTRIBUTES, max_size=2))],
        kind=draw(st.sampled_from(list(SpanKind))),
        status=draw(st.sampled_from([Status(StatusCode.OK), Status(StatusCode.ERROR, "no luck")])),
        start_time=draw(_TIMES_NS),
        end_time=draw(st.none() | _TIMES_NS),
        instrumentation_scope=InstrumentationScope(draw(_TEXT), "1.2"),
    )


# The official exporter leaves out a link's trace state; ours sends it.
_LINKED = _context(9, state=TraceState())
_EVENTS = st.lists(st.tuples(_TEXT, _ATTRIBUTES, _TIMES_NS), max_size=2)


def _said_twice(spans: list[ReadableSpan]) -> tuple[Any, Any]:
    ours, theirs = from_json(request(spans)), encode_spans(spans)
    for resource_spans in theirs.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                for link in span.links:
                    link.flags = 0  # ours are not set: whether a linked span is remote helps nobody
    return ours, theirs


@given(st.lists(_spans(), max_size=4))
def test_it_equals_the_official_protobuf(spans: list[ReadableSpan]) -> None:
    ours, theirs = _said_twice(spans)

    assert ours == theirs


def test_an_open_span_has_no_end_time_at_all() -> None:
    span = ReadableSpan("open", _context(1), start_time=5, end_time=None)

    (sent,) = request([span])["resourceSpans"][0]["scopeSpans"][0]["spans"]

    assert "endTimeUnixNano" not in sent
    assert sent["startTimeUnixNano"] == "5"


@pytest.mark.parametrize(
    ("value", "name"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")]
)
def test_numbers_that_json_lacks_have_names(value: float, name: str) -> None:
    span = ReadableSpan("odd", _context(1), attributes={"ratio": value})

    (sent,) = request([span])["resourceSpans"][0]["scopeSpans"][0]["spans"]

    assert sent["attributes"] == [{"key": "ratio", "value": {"doubleValue": name}}]


def test_an_integer_beyond_64_bits_becomes_text() -> None:
    span = ReadableSpan("big", _context(1), attributes={"big": 2**63})

    (sent,) = request([span])["resourceSpans"][0]["scopeSpans"][0]["spans"]

    assert sent["attributes"] == [{"key": "big", "value": {"stringValue": str(2**63)}}]
