"""Traces: a list with filters that add up and live in the URL."""

import streamlit as st

from analytics.api.models import Page, TraceSummary
from dashboard.components.rows import rows
from dashboard.parts.filters import from_url, put, to_url
from dashboard.parts.guard import guarded, stale_note
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_trace
from dashboard.parts.session import environment, range_name, source
from dashboard.parts.widening import widen_button
from dashboard.presentation.time_range import RANGES_S, WORDS
from dashboard.presentation.trace_list import nothing_matches, table, without_each
from dashboard.source.library import Loaded
from dashboard.source.source import TraceFilter
from dashboard.wording.amount import counted
from dashboard.wording.moment import at

ROWS_MAX = 100
STATUSES = {"": "All", "error": "Failed", "open": "Open", "ok": "OK"}


@guarded
def traces() -> None:
    title = element("span", f" in {WORDS[range_name()]}", kind="dd-rest")
    show(element("h1", "Traces", title, kind="dd-page-title"))
    chosen = _filter_line()
    cursor = st.query_params.get("cursor", "")
    page = source().traces(chosen, cursor=cursor, limit=ROWS_MAX)
    stale_note(page)
    if not page.value.items:
        _nothing(chosen)
        return
    clicked = rows(table(page.value.items, source().now()), key="trace_rows")
    _paging(page, cursor)
    if clicked:
        go_to_trace(clicked)


def _filter_line() -> TraceFilter:
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        query = from_url("q", "traces_q")
        st.text_input(
            "Search",
            key="traces_q",
            label_visibility="collapsed",
            placeholder="Search name, id or error",
            icon=":material/search:",
            on_change=to_url,
            args=("q", "traces_q"),
        )
        agent = from_url("agent", "traces_agent")
        st.selectbox(
            "Agent",
            _agents(agent),
            key="traces_agent",
            format_func=lambda name: name or "All agents",
            accept_new_options=True,
            label_visibility="collapsed",
            on_change=to_url,
            args=("agent", "traces_agent"),
        )
        status = from_url("status", "traces_status")
        if status not in STATUSES:
            st.session_state["traces_status"] = status = ""
        st.segmented_control(
            "Status",
            list(STATUSES),
            key="traces_status",
            format_func=lambda name: STATUSES[name],
            required=True,
            label_visibility="collapsed",
            on_change=to_url,
            args=("status", "traces_status"),
        )
    return TraceFilter(RANGES_S[range_name()], environment(), query, agent, status)


def _agents(chosen: str) -> list[str]:
    page = source().traces(TraceFilter(RANGES_S[range_name()], environment()), limit=ROWS_MAX).value
    seen = {agent for trace in page.items for agent in trace.agents}
    return ["", *sorted(seen | {chosen} - {""})]


def _paging(loaded: Loaded[Page[TraceSummary]], cursor: str) -> None:
    page = loaded.value
    with st.container(horizontal=True, vertical_alignment="center", key="paging"):
        if cursor:
            st.button("Newest", icon=":material/first_page:", on_click=put, args=("cursor", ""))
        if page.next:
            st.button("Older", icon=":material/chevron_right:", on_click=_older, args=(page.next,))
        st.button("Refresh", icon=":material/refresh:")
        more = "" if page.next else ", the last of them" if cursor else ""
        as_of = at(loaded.at, source().now())
        show(
            element("span", f"{counted(len(page.items), 'trace')}{more}, as of {as_of} UTC", kind="dd-quiet")
        )


def _older(cursor: str) -> None:
    st.query_params["cursor"] = cursor


def _nothing(chosen: TraceFilter) -> None:
    """Say what was asked for, and offer each way out with what it would bring."""
    show(element("p", nothing_matches(chosen, range_name()), kind="dd-calm"))
    for name, label, fewer in without_each(chosen):
        matches = source().traces(fewer, limit=ROWS_MAX).value
        number = f"{len(matches.items) or 'none'}{'+' if matches.next else ''}"
        with st.container(horizontal=True, vertical_alignment="center", key=f"without_{name}"):
            st.button("Remove", key=f"remove_{name}", on_click=put, args=(name, ""))
            show(element("span", f"{label}: {number} match without it", kind="dd-quiet"))
    widen_button()


traces()
