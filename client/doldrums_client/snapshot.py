"""snapshot: an open span as it is now, ready for any exporter."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from opentelemetry.sdk.trace import ReadableSpan, Span

from doldrums_client import attributes

# The newest few tell what a span is about; all of them come with the final span.
_EVENTS_MAX = 8


def snapshot(span: Span, beat: int, progress: int, text_chars_max: int) -> ReadableSpan:
    """Return a copy of `span` that says it is open and has no end time.

    The OTLP exporters leave out the end time of such a span (gRPC and HTTP, checked with 1.45).

    Parameters
    ----------
    text_chars_max
        Characters, or bytes, to which each text is cut: a heartbeat would otherwise send whole
        prompts again every few seconds. The final span carries them whole.
    """
    # `copy` is one step under the interpreter's lock; iterating while the application sets
    # attributes is not.
    said = cast("dict[str, Any]", span.attributes).copy()
    cut = {key: _cut(value, text_chars_max) for key, value in said.items()}
    cut |= {attributes.OPEN: True, attributes.HEARTBEAT: beat, attributes.PROGRESS: progress}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=cut,
        events=span.events[-_EVENTS_MAX:],
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=None,
        instrumentation_scope=span.instrumentation_scope,
    )


def _cut(value: Any, length_max: int) -> Any:
    if isinstance(value, (str, bytes)):
        return value[:length_max]
    if isinstance(value, Sequence):
        return tuple(_cut(item, length_max) for item in value[:length_max])
    if isinstance(value, Mapping):
        return {key: _cut(item, length_max) for key, item in value.items()}
    return value
