"""The pane beside the waterfall: one span in full, a tab at a time."""

from collections.abc import Callable

import streamlit as st

from analytics.api.models import SpanDetail
from dashboard.parts.facts import facts_list
from dashboard.parts.finding_card import finding_of_span
from dashboard.parts.guard import stale_note
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_trace
from dashboard.parts.session import source
from dashboard.presentation.address import is_span_id
from dashboard.presentation.finding import FindingCard
from dashboard.presentation.span_detail import (
    cut_note,
    document,
    event_rows,
    left_out,
    link_facts,
    overview_facts,
    readable,
    recorded_facts,
    status,
    unusual_types,
)
from dashboard.source.errors import NotFound

SHORT_CHARACTERS_MAX = 500
CONTENT_HEIGHT_PX_MAX = 280


def span_pane(trace_id: str, span_id: str, found: list[FindingCard]) -> None:
    """Draw the chosen span with what was found of it, or say how to choose one."""
    if not is_span_id(span_id):
        show(
            element(
                "p", "Pick a span to see what went in, what came out, and all it carries.", kind="dd-calm"
            )
        )
        return
    try:
        loaded = source().span(trace_id, span_id)
    except NotFound:
        show(element("p", "This span is not stored.", kind="dd-calm"))
        return
    stale_note(loaded)
    _draw(loaded.value, [card for card in found if card.span_id == span_id])


def _draw(span: SpanDetail, found: list[FindingCard]) -> None:
    word, tone = status(span)
    show(
        element(
            "h2", span.name or "(no name)", element("span", word, kind=f"dd-badge dd-{tone}"), kind="dd-span"
        )
    )
    for card in found:
        finding_of_span(card)
    names = list(TABS)
    for name, tab in zip(names, st.tabs(names, key="span_tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                TABS[name](span)


def _overview(span: SpanDetail) -> None:
    if span.error_message:
        show(element("pre", span.error_message, kind="dd-error"))
    show(facts_list(overview_facts(span, source().now())))


def _content(span: SpanDetail) -> None:
    for title, content in (("Input", span.input), ("Output", span.output)):
        show(element("h3", title, kind="dd-content"))
        if not content:
            show(element("p", "None was recorded.", kind="dd-quiet"))
            continue
        shown, language = readable(content)
        height = CONTENT_HEIGHT_PX_MAX if len(shown) > SHORT_CHARACTERS_MAX else None
        st.code(shown, language=language, wrap_lines=True, height=height or "content")
        if cut := cut_note(content):
            show(element("p", cut, kind="dd-quiet"))
            st.download_button("All of it", content, f"{span.span_id}.txt", key=f"download_{title}")


def _attributes(span: SpanDetail) -> None:
    show(facts_list(sorted(span.attributes.items()), kind="dd-facts dd-raw", types=unusual_types(span)))
    _left_out(span.dropped_attributes, "attribute")
    for title, facts in recorded_facts(span):
        show(element("h3", title, kind="dd-content"), facts_list(facts, kind="dd-facts dd-raw"))


def _events(span: SpanDetail) -> None:
    if not span.events:
        show(element("p", "No event in this span.", kind="dd-quiet"))
    for when, name, attributes in event_rows(span):
        show(
            element("p", element("b", name), element("span", f" {when}", kind="dd-quiet"), kind="dd-event"),
            facts_list(attributes),
        )
    _left_out(span.dropped_events, "event")


def _links(span: SpanDetail) -> None:
    if not span.links:
        show(element("p", "No link to another span.", kind="dd-quiet"))
    for place, link in enumerate(span.links):
        show(
            element("code", f"{link.trace_id} {link.span_id}", kind="dd-id"),
            facts_list(link_facts(link)),
        )
        if st.button("Go there", key=f"link_{place}"):
            go_to_trace(f"{link.trace_id}/{link.span_id}")
    _left_out(span.dropped_links, "link")


def _left_out(number: int, what: str) -> None:
    if number:
        show(element("p", left_out(number, what), kind="dd-quiet"))


def _raw(span: SpanDetail) -> None:
    st.code(document(span), language="json", wrap_lines=True, height=520)


TABS: dict[str, Callable[[SpanDetail], None]] = {
    "Overview": _overview,
    "Content": _content,
    "Attributes": _attributes,
    "Events": _events,
    "Links": _links,
    "Raw": _raw,
}
