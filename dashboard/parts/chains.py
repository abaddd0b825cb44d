"""One error chain drawn: where it began, its way, what to do, and traces with it."""

import streamlit as st

from analytics.api.models import ErrorChainDetail, Finding
from dashboard.components.picture import picture
from dashboard.components.rows import rows
from dashboard.parts.facts import facts_list
from dashboard.parts.filters import put
from dashboard.parts.finding_card import finding_facts
from dashboard.parts.headline import headline
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import TRACE, go_to_trace
from dashboard.parts.session import range_name, source
from dashboard.presentation.address import trace_parameters
from dashboard.presentation.chain import in_short, tone
from dashboard.presentation.chain_picture import chain_picture
from dashboard.presentation.chain_table import facts, hop_table, trace_table
from dashboard.presentation.finding import card
from dashboard.presentation.picture import Picture
from dashboard.wording.amount import count
from dashboard.wording.moment import at, moment


def one_chain(detail: ErrorChainDetail, finding: Finding | None) -> None:
    """Draw a chain: a sentence, its way, what to do, its spans in order, and traces with it."""
    one = detail.chain
    # a link to the page that one is on would leave the `id` in the URL
    st.button(
        "All error chains", icon=":material/arrow_back:", type="tertiary", on_click=put, args=("id", "")
    )
    headline(*in_short(one, range_name()), tone([one], [one.fingerprint] if finding else []))
    if finding:
        finding_facts(card(finding, source().now()))
    if drawn := chain_picture(detail):
        _draw(drawn)
    _below(detail, finding)
    _hops(detail)
    _traces(detail)


def _draw(drawn: Picture) -> None:
    if pick := picture(drawn, source().now(), key="chain_picture"):
        go_to_trace(pick)


def _below(detail: ErrorChainDetail, finding: Finding | None) -> None:
    with st.container(key="what_to_do" if finding else "what_to_know"):
        places = iter(st.columns(3 if finding else 2, gap="medium"))
        with next(places):
            _began(detail)
        if finding:
            with next(places):
                _next(finding)
        with next(places):
            _facts(detail)


def _began(detail: ErrorChainDetail) -> None:
    # of the trace that the link leads to: messages differ in numbers and ids
    said = detail.hops[0].error_message if detail.hops else detail.chain.error_message
    text = element("pre", said, kind="dd-error") if said else element("p", "It says no more than its type.")
    show(_heading("Where it began"), text)
    if detail.traces:
        newest = detail.traces[0]
        where = trace_parameters(newest.trace_id, newest.span_id)
        st.page_link(TRACE, label="Open the span", icon=":material/arrow_forward:", query_params=where)


def _next(finding: Finding) -> None:
    show(_heading("Next"), element("p", finding.advice, kind="dd-advice"))


def _facts(detail: ErrorChainDetail) -> None:
    show(_heading("How it came out"), facts_list(facts(detail.chain, range_name(), source().now())))


def _hops(detail: ErrorChainDetail) -> None:
    if not detail.hops:
        return
    when = f" in a trace of {at(moment(detail.traces[0].at), source().now())} UTC" if detail.traces else ""
    show(_section("Hop by hop", when))
    if clicked := rows(hop_table(detail, source().now()), key="hop_rows"):
        go_to_trace(clicked)


def _traces(detail: ErrorChainDetail) -> None:
    if not detail.traces:
        return
    shown, total = len(detail.traces), detail.chain.traces
    of = f" · {count(shown)} of {count(total)}" if total > shown else f" · {count(shown)}"
    show(_section("Traces with it", of))
    if clicked := rows(trace_table(detail.traces, source().now()), key="chain_traces"):
        go_to_trace(clicked)


def _section(title: str, rest: str) -> Html:
    return element("h2", title, element("span", rest, kind="dd-quiet"), kind="dd-section")


def _heading(title: str) -> Html:
    return element("h2", title, kind="dd-content")
