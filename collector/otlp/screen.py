"""Single spans that cannot be stored are taken out of a request; the others stay."""

from collections import Counter
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span

from collector.errors import TooLarge

_TRACE_ID_BYTES, _SPAN_ID_BYTES = 16, 8
_NO_TRACE_ID, _NO_SPAN_ID = bytes(_TRACE_ID_BYTES), bytes(_SPAN_ID_BYTES)


@dataclass
class Screened:
    """What is left of a request.

    Attributes
    ----------
    spans
        Spans that stay.
    rejected
        Spans that were removed, by the rule they broke, in words for the client.
    changed
        The message differs from the bytes it came from.
    """

    spans: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    changed: bool = False


def screen(request: ExportTraceServiceRequest, spans_max: int) -> Screened:
    """Remove the spans without identity or start from `request`, and parent ids that are none.

    Raises
    ------
    TooLarge
        There are more than `spans_max`: what is small was not counted on the wire.
    """
    scopes = [scope for resource in request.resource_spans for scope in resource.scope_spans]
    if sum(len(scope_spans.spans) for scope_spans in scopes) > spans_max:
        raise TooLarge(f"the request holds more than {spans_max} spans")
    screened = Screened()
    for scope_spans in scopes:
        if not all(map(_sound, scope_spans.spans)):
            _screen_scope(scope_spans, screened)
        screened.spans += len(scope_spans.spans)
    return screened


def _sound(span: Span) -> bool:
    """Whether nothing is to be done: `_broken_rule` and `_false_parent` in one look, as most spans are."""
    trace_id, span_id, parent = span.trace_id, span.span_id, span.parent_span_id
    return (
        len(trace_id) == _TRACE_ID_BYTES
        and len(span_id) == _SPAN_ID_BYTES
        and trace_id != _NO_TRACE_ID
        and span_id != _NO_SPAN_ID
        and (not parent or (len(parent) == _SPAN_ID_BYTES and parent != _NO_SPAN_ID))
        and span.start_time_unix_nano > 0
    )


def _screen_scope(scope_spans: ScopeSpans, screened: Screened) -> None:
    kept = []
    for span in scope_spans.spans:
        rule = _broken_rule(span)
        if rule is None:
            kept.append(span)
            if _false_parent(span):
                span.ClearField("parent_span_id")
        else:
            screened.rejected[rule] += 1
    screened.changed = True
    if len(kept) < len(scope_spans.spans):
        whole = ScopeSpans(spans=kept)
        del scope_spans.spans[:]
        scope_spans.MergeFrom(whole)


def _broken_rule(span: Span) -> str | None:
    if len(span.trace_id) != _TRACE_ID_BYTES:
        return "trace_id is not 16 bytes"
    if len(span.span_id) != _SPAN_ID_BYTES:
        return "span_id is not 8 bytes"
    if span.trace_id == _NO_TRACE_ID:
        return "trace_id is all zeros"
    if span.span_id == _NO_SPAN_ID:
        return "span_id is all zeros"
    if not span.start_time_unix_nano:
        return "start_time_unix_nano is missing"
    return None


def _false_parent(span: Span) -> bool:
    parent = span.parent_span_id
    return parent != b"" and (len(parent) != _SPAN_ID_BYTES or parent == _NO_SPAN_ID)
