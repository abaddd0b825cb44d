"""A finding where it is listed: what, since when, who, what next, and the evidence on demand."""

import hashlib

import streamlit as st

from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import TRACE
from dashboard.presentation.address import trace_parameters
from dashboard.presentation.evidence import Fact
from dashboard.presentation.finding import FindingCard


def finding_card(card: FindingCard, here: str = "") -> None:
    """Draw a finding with its link and its evidence.

    Parameters
    ----------
    here
        The span that is shown already, which needs no link.
    """
    key = hashlib.sha256(card.id.encode()).hexdigest()[:12]
    with st.container(border=True, key=f"finding_{card.tone}_{key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            show(_summary(card))
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                evidence = st.toggle("Evidence", key=f"evidence_{key}")
                if card.trace_id and here != card.span_id:
                    label = "Open the span" if card.span_id else "Open the trace"
                    where = trace_parameters(card.trace_id, card.span_id)
                    st.page_link(TRACE, label=label, icon=":material/arrow_forward:", query_params=where)
        if evidence:
            _evidence(card)


def facts_list(facts: list[Fact], kind: str = "dd-facts") -> Html:
    """Return facts as a list of terms."""
    pairs = [element("div", element("dt", name), element("dd", value)) for name, value in facts]
    return element("dl", *pairs, kind=kind)


def _summary(card: FindingCard) -> Html:
    badges = [
        element("span", card.severity, kind=f"dd-badge dd-{card.tone}"),
        element("span", card.grade, kind="dd-badge dd-plain"),
    ]
    meta = " · ".join(part for part in (card.who, card.since) if part)
    return element(
        "article",
        element("h3", card.title, kind="dd-title"),
        element("p", *badges, element("span", meta, kind="dd-quiet"), kind="dd-meta"),
        element("p", element("b", "Next: "), card.advice, kind="dd-advice"),
        kind="dd-finding",
    )


def _evidence(card: FindingCard) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        show(facts_list(card.facts))
    with right:
        st.code(card.document, language="json", wrap_lines=True, height=260)
