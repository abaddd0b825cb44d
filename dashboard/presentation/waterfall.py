"""A trace as the columns that the waterfall component draws."""

from collections.abc import Sequence
from typing import Any, TypeVar

from analytics.api.models import ListedSpan, Span, Trace
from dashboard.presentation.kind import colour, word
from dashboard.presentation.own_time import SLOW_SHARE_MIN, own_times
from dashboard.wording.moment import SECOND_NS, nanoseconds

T = TypeVar("T")

MILLISECOND_NS = 1_000_000
ERROR, OPEN, SLOW, CANCELLED, LOST = 1, 2, 4, 8, 16


def columns(trace: Trace, open_until_ns: int) -> dict[str, Any]:
    """Return the columns: times in ms from the trace's start, repeated texts once.

    Parameters
    ----------
    open_until_ns
        Where open spans end for now, in ns since 1970; the browser counts on from there. Given by the
        caller and kept between calls, so that equal spans give equal columns and are not sent again.
    """
    spans = trace.spans
    starts = [nanoseconds(span.start) for span in spans]
    ends = [_end_ns(span, start, open_until_ns) for span, start in zip(spans, starts, strict=True)]
    origin, last = min(starts, default=0), max(ends, default=0)
    names, name_of = _once([span.name for span in spans])
    agents, agent_of = _once([span.agent or "" for span in spans])
    kinds, kind_of = _once([span.kind for span in spans])
    return {
        "trace": trace.trace_id,
        "total": _ms(last - origin),
        "until": _ms(open_until_ns),
        "id": [span.span_id for span in spans],
        "depth": [span.depth for span in spans],
        "start": [_ms(start - origin) for start in starts],
        "duration": [_ms(end - start) for start, end in zip(starts, ends, strict=True)],
        "flags": _flags(spans, starts, ends),
        "name": name_of,
        "names": names,
        "agent": agent_of,
        "agents": agents,
        "kind": kind_of,
        "kinds": [{"word": word(kind), "colour": colour(kind)} for kind in kinds],
        "previews": {str(i): _preview(span) for i, span in enumerate(spans) if _preview(span)},
        "waits": {str(i): span.waiting_on for i, span in enumerate(spans) if _waits(span)},
    }


def _end_ns(span: Span, start_ns: int, open_until_ns: int) -> int:
    if span.state == "open":
        return max(open_until_ns, start_ns)
    return start_ns + max(round(span.duration_s * SECOND_NS), 0)


def _preview(span: ListedSpan) -> str:
    parts = (("in", span.input_preview), ("out", span.output_preview))
    return "\n".join(f"{way}: {' '.join(text.split())}" for way, text in parts if text)


def _waits(span: Span) -> bool:
    return span.state == "open" and span.waiting_on is not None


def _flags(spans: Sequence[Span], starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    own = own_times([span.depth for span in spans], starts, ends)
    slow_ns = SLOW_SHARE_MIN * (max(ends, default=0) - min(starts, default=0))
    return [_flag(span, own_ns >= slow_ns > 0) for span, own_ns in zip(spans, own, strict=True)]


def _flag(span: Span, slow: bool) -> int:  # noqa: FBT001 - a flag is what it becomes
    return (
        ERROR * (span.status == "error")
        | OPEN * (span.state == "open")
        | SLOW * slow
        | CANCELLED * (span.state == "cancelled")
        | LOST * (span.state == "lost")
    )


def _ms(nanoseconds_: int) -> float:
    return round(nanoseconds_ / MILLISECOND_NS, 3)


def _once(values: Sequence[T]) -> tuple[list[T], list[int]]:
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return list(places), [places[value] for value in values]
