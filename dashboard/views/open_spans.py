"""Open & stuck: what has not ended, beside what is usual for it; what is stuck stands on top."""

import streamlit as st

from analytics.api.models import OpenSpan, Page
from dashboard.components.rows import rows
from dashboard.parts.finding_card import finding_card
from dashboard.parts.guard import guarded, stale_note
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_trace
from dashboard.parts.session import environment, source
from dashboard.presentation.finding import card, worst_first
from dashboard.presentation.open_span import headline, quiet_hint, table
from dashboard.presentation.overview import STUCK_DETECTOR

REFRESH_S = 3.0
ROWS_MAX = 200


@st.fragment(run_every=REFRESH_S)
@guarded
def open_and_stuck() -> None:
    spans = source().open_spans(environment(), limit=ROWS_MAX)
    findings = source().findings("open")
    stale_note(spans, findings)
    stuck = [found for found in findings.value.items if found.detector == STUCK_DETECTOR]
    lead, rest, tone = headline(spans.value, len(stuck))
    show(
        element(
            "h1",
            element("span", lead, kind=f"dd-lead dd-{tone}"),
            " ",
            element("span", rest, kind="dd-rest"),
            kind="dd-headline",
        )
    )
    for finding in worst_first(stuck):
        finding_card(card(finding, source().now()))
    _spans(spans.value)


def _spans(page: Page[OpenSpan]) -> None:
    if not page.items:
        show(element("p", quiet_hint(), kind="dd-calm"))
        return
    show(element("h2", "Open spans, oldest first", kind="dd-section"))
    clicked = rows(table(page.items, source().now()), key="open_rows")
    if page.next:
        show(element("p", f"The {len(page.items)} oldest are listed; there are more.", kind="dd-quiet"))
    if clicked:
        go_to_trace(clicked.id)


open_and_stuck()
