"""A finding where it is listed: what, since when, who, what next or why it is over, and the evidence."""

import hashlib

import streamlit as st

from dashboard.parts.facts import grouped_facts
from dashboard.parts.filters import put
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import CHAINS, DEADLOCKS, DRIFT, TRACE
from dashboard.presentation.address import (
    chain_parameters,
    deadlock_parameters,
    series_parameters,
    trace_parameters,
)
from dashboard.presentation.chain import DETECTOR as CHAIN_DETECTOR
from dashboard.presentation.deadlock import DETECTOR as DEADLOCK_DETECTOR
from dashboard.presentation.finding import FindingCard


def finding_card(card: FindingCard) -> None:
    """Draw a finding in full, with its link and its evidence."""
    key = _key(card)
    with st.container(border=True, key=f"finding_{card.tone}_{key}", gap="small"):
        with st.container(
            key=f"summary_{key}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            show(_summary(card))
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                wanted = st.toggle("Evidence", key=f"evidence_{key}")
                _link(card)
        if wanted:
            _evidence(card)


def finding_facts(card: FindingCard) -> None:
    """Draw how sure a finding is, since when, and its evidence, where a page says itself what it is."""
    key = _key(card)
    with st.container(
        key=f"facts_{key}", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        show(_how_sure(card))
        wanted = st.toggle("Evidence", key=f"evidence_of_page_{key}")
    if wanted:
        _evidence(card)


def finding_line(card: FindingCard, here: str) -> None:
    """Draw a finding in one line, for above a waterfall that needs the room.

    Parameters
    ----------
    here
        The span that is shown already, which needs no link.
    """
    with st.container(
        key=f"finding_{card.tone}_line_{_key(card)}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        show(element("p", _badge(card), element("span", card.title, kind="dd-line"), kind="dd-meta"))
        if card.span_id != here:
            with st.container(width="content"):
                _link_from_trace(card)


def finding_of_span(card: FindingCard) -> None:
    """Draw what a finding says to do, or why it is over, beside the span that it is about."""
    show(
        element(
            "div",
            element("p", _badge(card), element("span", card.since, kind="dd-quiet"), kind="dd-meta"),
            _next(card),
            kind="dd-found",
        )
    )
    if st.toggle("Evidence", key=f"evidence_of_span_{_key(card)}"):
        show(grouped_facts(card.groups))


def _summary(card: FindingCard) -> Html:
    return element("article", element("h3", card.title, kind="dd-title"), _how_sure(card), _next(card))


def _how_sure(card: FindingCard) -> Html:
    grade = element("span", card.grade, kind="dd-badge dd-plain")
    meta = " · ".join(part for part in (card.who, card.since) if part)
    return element("p", _badge(card), grade, element("span", meta, kind="dd-quiet"), kind="dd-meta")


def _evidence(card: FindingCard) -> None:
    show(grouped_facts(card.groups))
    with st.expander("As JSON"):
        st.code(card.document, language="json", wrap_lines=True)


def _badge(card: FindingCard) -> Html:
    return element("span", card.severity, kind=f"dd-badge dd-{card.tone}")


def _next(card: FindingCard) -> Html:
    lead, text = ("Resolved: ", card.resolution) if card.resolution else ("Next: ", card.advice)
    return element("p", element("b", lead), text, kind="dd-advice")


def _link(card: FindingCard) -> None:
    if card.detector == DEADLOCK_DETECTOR and not card.resolution:
        where = deadlock_parameters(card.id)
        st.page_link(DEADLOCKS, label="Open the ring", icon=":material/arrow_forward:", query_params=where)
    elif card.detector == CHAIN_DETECTOR and not card.resolution:
        where = chain_parameters(card.fingerprint)
        st.page_link(CHAINS, label="Open the chain", icon=":material/arrow_forward:", query_params=where)
    elif card.series and not card.resolution:
        where = series_parameters(card.series)
        st.page_link(DRIFT, label="Open the series", icon=":material/arrow_forward:", query_params=where)
    elif card.trace_id:
        label = "Open the span" if card.span_id else "Open the trace"
        where = trace_parameters(card.trace_id, card.span_id)
        st.page_link(TRACE, label=label, icon=":material/arrow_forward:", query_params=where)


def _link_from_trace(card: FindingCard) -> None:
    if card.detector in (DEADLOCK_DETECTOR, CHAIN_DETECTOR) or not card.span_id:
        _link(card)
        return
    # a link to the page that one is on would leave the URL as it is
    st.button(
        "Open the span",
        icon=":material/arrow_forward:",
        type="tertiary",
        key=f"span_of_{_key(card)}",
        on_click=put,
        args=("span", card.span_id),
    )


def _key(card: FindingCard) -> str:
    return hashlib.sha256(card.id.encode()).hexdigest()[:12]
