"""Trace: the waterfall, and one span of it in full."""

import streamlit as st

from analytics.api.models import Trace
from dashboard.components.waterfall import Pushed, waterfall
from dashboard.parts.facts import facts_list
from dashboard.parts.finding_card import finding_line
from dashboard.parts.guard import ask_again, guarded, message, note, stale_note
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import TRACES
from dashboard.parts.session import source
from dashboard.parts.span_pane import span_pane
from dashboard.parts.suspects import suspects_panel
from dashboard.presentation.address import is_span_id, is_trace_id
from dashboard.presentation.finding import FindingCard, card, others_note, worst_first
from dashboard.presentation.trace_header import cut_short, header_facts
from dashboard.presentation.trace_list import STATUS_WORDS, TONES
from dashboard.presentation.waterfall import columns
from dashboard.source.errors import NotFound
from dashboard.wording.moment import SECOND_NS

KEY = "waterfall"
REFRESH_S = 5.0
# A trace with more spans is loaded again when the reader asks, not by itself.
REFRESHED_SPANS_MAX = 1_000
FINDINGS_MAX = 4


@guarded
def trace_page() -> None:
    trace_id = st.query_params.get("trace", "")
    if not is_trace_id(trace_id):
        _no_trace(trace_id)
        return
    try:
        loaded = source().trace(trace_id)
    except NotFound:
        _not_stored()
        return
    trace = loaded.value
    open_until_ns = int(loaded.at.timestamp() * SECOND_NS)
    big = len(trace.spans) > REFRESHED_SPANS_MAX
    refreshed = trace.summary.open > 0 and not big
    st.fragment(_body, run_every=REFRESH_S if refreshed else None)(trace_id, open_until_ns)
    if trace.summary.open and big:
        st.button("Refresh", icon=":material/refresh:")


@guarded
def _body(trace_id: str, open_until_ns: int) -> None:
    loaded = source().trace(trace_id)
    trace = loaded.value
    stale_note(loaded)
    _header(trace)
    found = _findings(trace_id)
    span_id = st.query_params.get("span", "")
    if span_id and span_id not in {span.span_id for span in trace.spans}:
        note(_unknown(trace, span_id))
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        waterfall(columns(trace, open_until_ns), pushed=_pushed(span_id), key=KEY, on_pick=_picked)
        below = st.container()
    with right, st.container(key="span_pane"):
        span_pane(trace_id, st.query_params.get("span", ""), found)
    # last, for it may take seconds
    with below:
        suspects_panel(trace, st.query_params.get("span", ""))


def _findings(trace_id: str) -> list[FindingCard]:
    """Show what is found in the trace now; return what ever was, for the spans it is about."""
    findings = worst_first(source().findings("", trace_id=trace_id).value.items)
    cards = [card(finding, source().now()) for finding in findings]
    standing = [one for one in cards if not one.resolution]
    with st.container(gap="xsmall"):
        for shown in standing[:FINDINGS_MAX]:
            finding_line(shown, st.query_params.get("span", ""))
    if more := others_note(len(standing) - FINDINGS_MAX):
        show(element("p", more, kind="dd-quiet"))
    return [*standing, *(one for one in cards if one.resolution)]


def _header(trace: Trace) -> None:
    summary = trace.summary
    show(
        element(
            "header",
            element("h1", summary.name or "(no name)", _badge(summary.status), kind="dd-page-title"),
            element("code", trace.trace_id, kind="dd-id"),
            facts_list(header_facts(trace, source().now()), kind="dd-facts dd-across"),
        )
    )
    if short := cut_short(trace):
        note(short)


def _badge(status: str) -> Html:
    return element("span", STATUS_WORDS[status], kind=f"dd-badge dd-{TONES[status]}")


def _pushed(span_id: str) -> Pushed:
    """Return the span that a link or Back chose last; one picked in the waterfall is not sent back to it."""
    pushed: Pushed = st.session_state.get("pushed_span", Pushed("", 0))
    if span_id != st.session_state.get("picked_span"):
        pushed = Pushed(span_id, pushed.serial + 1)
        st.session_state["picked_span"], st.session_state["pushed_span"] = span_id, pushed
    return pushed


def _picked() -> None:
    span_id = st.session_state[KEY].pick
    if span_id:
        st.session_state["picked_span"] = span_id
        st.query_params["span"] = span_id


def _unknown(trace: Trace, span_id: str) -> str:
    shown = span_id if is_span_id(span_id) else "it names"
    where = "in the part shown" if len(trace.spans) < trace.spans_total else "in this trace"
    return f"The link points at span {shown}, which is not {where}. The trace is shown without it."


def _not_stored() -> None:
    message(
        "This trace is not stored.",
        "It may still be on its way: a span shows up about two seconds after it was accepted, and then "
        "this page fills by itself. Or it is older than what is kept.",
    )
    st.page_link(TRACES, label="All traces", icon=":material/list:")
    ask_again()


def _no_trace(trace_id: str) -> None:
    show(
        element("h1", "Trace", kind="dd-page-title"),
        element(
            "p",
            "A trace id has 32 hexadecimal digits; the one in this link has not."
            if trace_id
            else "Choose a trace from the list, or open a link to one.",
            kind="dd-calm",
        ),
    )
    st.page_link(TRACES, label="All traces", icon=":material/list:")


trace_page()
