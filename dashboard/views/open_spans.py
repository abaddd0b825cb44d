"""Open & stuck: what has not ended, beside what is usual for it; what is stuck stands on top."""

import streamlit as st

from analytics.api.models import Finding, OpenSpan, Page
from dashboard.components.rows import rows
from dashboard.parts.finding_card import finding_card
from dashboard.parts.guard import guarded, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import DEADLOCKS, go_to_trace
from dashboard.parts.session import environment, range_name, source
from dashboard.presentation.deadlock import DETECTOR as DEADLOCK_DETECTOR
from dashboard.presentation.finding import card, others_note, together, worst_first
from dashboard.presentation.open_span import longest_trace, news, of_open_work, quiet_hint, table
from dashboard.presentation.time_range import RANGES_S
from dashboard.source.source import TraceFilter

REFRESH_S = 3.0
ROWS_MAX = 200
FINDINGS_MAX = 12
TRACES_MAX = 200


@st.fragment(run_every=REFRESH_S)
@guarded
def open_and_stuck() -> None:
    spans = source().open_spans(environment(), limit=ROWS_MAX)
    findings, rings = source().findings("open"), source().findings("open", detector=DEADLOCK_DETECTOR)
    stale_note(spans, findings, rings)
    found = worst_first(of_open_work(together(findings.value, rings.value).items))
    headline(*news(spans.value, found))
    _findings(found)
    _spans(spans.value)


def _findings(found: list[Finding]) -> None:
    for finding in found[:FINDINGS_MAX]:
        finding_card(card(finding, source().now()))
    if more := others_note(len(found) - FINDINGS_MAX):
        show(element("p", more, kind="dd-quiet"))


def _spans(page: Page[OpenSpan]) -> None:
    if not page.items:
        _nothing()
        return
    show(element("h2", "Open spans, oldest first", kind="dd-section"))
    if any(span.waiting_on for span in page.items):
        st.page_link(DEADLOCKS, label="Who waits for whom", icon=":material/sync_problem:")
    clicked = rows(table(page.items, source().now()), key="open_rows")
    if page.next:
        show(element("p", f"The {len(page.items)} oldest are listed; there are more.", kind="dd-quiet"))
    if clicked:
        go_to_trace(clicked)


def _nothing() -> None:
    chosen = TraceFilter(RANGES_S[range_name()], environment())
    longest = longest_trace(source().traces(chosen, limit=TRACES_MAX).value, range_name())
    show(*(element("p", text, kind="dd-calm") for text in (longest, quiet_hint()) if text))


open_and_stuck()
