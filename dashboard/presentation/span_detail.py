"""One span in full: what is shown in each tab of the detail pane."""

import json
from datetime import datetime

from analytics.api.models import Link, SpanDetail
from dashboard.presentation.evidence import Fact, Group
from dashboard.presentation.kind import word
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import counted, money, size, tokens
from dashboard.wording.duration import age, duration
from dashboard.wording.mark import mark
from dashboard.wording.moment import SECOND_NS, exact, nanoseconds

CONTENT_CHARACTERS_MAX = 20_000
"""More than anyone reads in a pane; all of it is one click away as a file."""


def status(span: SpanDetail) -> tuple[str, Tone]:
    """Return how it stands with a span: its state while that is news, else its status."""
    if span.state == "open":
        return "open", "open"
    if span.status == "error":
        return "error", "failed"
    if span.state == "ended":
        return ("ok", "good") if span.status == "ok" else ("ended", "quiet")
    return span.state, "attention"


def overview_facts(span: SpanDetail, now: datetime) -> list[Fact]:
    """Return what is known of a span, in canonical terms."""
    lasted = f"{age(span.duration_s)} so far" if span.state == "open" else duration(span.duration_s)
    known = [
        ("Duration", lasted),
        ("Waiting for", span.waiting_on),
        ("Error", span.error_type),
        ("Its answer says", span.payload_error),
        ("Agent", span.agent),
        ("Kind", word(span.kind)),
        ("Operation", span.operation),
        ("Tool", span.tool),
        ("Hands off to", span.handoff_to),
        ("Model", " · ".join(part for part in (span.model, span.provider) if part)),
        ("Tokens", _tokens(span)),
        ("Cost", None if span.cost_usd is None else money(span.cost_usd)),
        ("Finish", ", ".join(span.finish_reasons)),
        ("Started", exact(span.start, now)),
        ("Ended", exact(span.end, now) if span.end else None),
        ("Received", exact(span.received, now)),
        ("Session", span.session),
        ("User", span.user),
        ("Version", span.version),
        ("Environment", span.environment),
        ("Span", span.span_id),
        ("Trace state", span.trace_state),
        ("Marks", "; ".join(map(mark, span.marks))),
    ]
    return [(label, value) for label, value in known if value]


def readable(content: str) -> tuple[str, str]:
    """Return content for reading, cut if very long, and its language for colouring."""
    shown = content[:CONTENT_CHARACTERS_MAX]
    if shown != content or content[:1] not in "{[":
        return shown, "text"
    try:
        return json.dumps(json.loads(content), indent=2, ensure_ascii=False), "json"
    except (ValueError, RecursionError):
        return shown, "text"


def cut_note(content: str) -> str:
    """Return what is said of content that is shown in part; empty when all is shown."""
    if len(content) <= CONTENT_CHARACTERS_MAX:
        return ""
    length = size(len(content.encode()))
    return f"The first {CONTENT_CHARACTERS_MAX:,} of {len(content):,} characters ({length})."


def unusual_types(span: SpanDetail) -> dict[str, str]:
    """Return the types of the attributes that are no strings: text alone does not tell 3 from "3"."""
    return {name: type_ for name, type_ in span.attribute_types.items() if type_ != "string"}


def recorded_facts(span: SpanDetail) -> list[Group]:
    """Return what is known of the process and of the library that recorded the span."""
    groups = [
        ("Where it was recorded", span.resource_attributes, span.resource_schema_url),
        (
            f"By {span.scope}" if span.scope else "By a library without a name",
            span.scope_attributes,
            span.scope_schema_url,
        ),
    ]
    return [
        (title, [*sorted(known.items()), *([("schema", url)] if url else [])]) for title, known, url in groups
    ]


def link_facts(link: Link) -> list[Fact]:
    """Return what a link says beside the span that it leads to."""
    return [*link.attributes.items(), *([("trace state", link.trace_state)] if link.trace_state else [])]


def left_out(number: int, what: str) -> str:
    """Return what is said of parts that the sender counted and did not send."""
    return f"The sender left out {counted(number, what)}, by its own limits."


def event_rows(span: SpanDetail) -> list[tuple[str, str, list[Fact]]]:
    """Return each event: when after the span's start, its name, its attributes."""
    start = nanoseconds(span.start)
    return [
        (_offset(nanoseconds(event.time) - start), event.name, list(event.attributes.items()))
        for event in span.events
    ]


def document(span: SpanDetail) -> str:
    """Return the span as the API gave it."""
    return json.dumps(span.model_dump(), indent=2, ensure_ascii=False)


def _offset(after_ns: int) -> str:
    text = duration(after_ns / SECOND_NS)
    return text if after_ns < 0 else f"+{text}"


def _tokens(span: SpanDetail) -> str | None:
    parts = [
        (span.input_tokens, "in"),
        (span.output_tokens, "out"),
        (span.cached_tokens, "cached"),
        (span.reasoning_tokens, "reasoning"),
    ]
    known = [f"{tokens(number)} {what}" for number, what in parts if number is not None]
    return ", ".join(known) or None
