"""One deadlock drawn, and how to make waits visible where none are."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.picture import picture
from dashboard.components.rows import rows
from dashboard.parts.facts import facts_list
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import TRACE, go_to_trace
from dashboard.presentation.address import trace_parameters
from dashboard.presentation.deadlock import Deadlock, breaking, queue
from dashboard.presentation.picture import Picture
from dashboard.presentation.wait_picture import graph_picture, hidden_note, ring_picture
from dashboard.presentation.wait_table import hop_table, waits_table
from dashboard.presentation.waiting import Waiting
from dashboard.wording.amount import count

COLUMNS_BESIDE_MAX = 4
"""A picture of more columns takes the width of the page, and what to do stands below it."""
QUEUE_MAX = 12
ROWS_MAX = 200
SNIPPET = """\
from doldrums_client import waiting_for
with waiting_for("coder", resource="code", deadline=60):
    code = inbox.get(timeout=60)
"""


def ring(one: Deadlock, looked: Waiting) -> None:
    """Draw a ring, what to do about it, and its waits in order."""
    drawn = ring_picture(one, looked)
    if drawn and drawn.columns <= COLUMNS_BESIDE_MAX:
        left, right = st.columns([1.7, 1], gap="large", vertical_alignment="center")
        with left:
            _drawn_ring(drawn, one, looked)
        with right:
            _what_to_do(one, looked, columns=1)
    else:
        if drawn:
            _drawn_ring(drawn, one, looked)
        _what_to_do(one, looked, columns=3)
    show(element("h2", "Hop by hop", kind="dd-section"))
    if clicked := rows(hop_table(one, looked), key="hop_rows"):
        go_to_trace(clicked)


def _drawn_ring(drawn: Picture, one: Deadlock, looked: Waiting) -> None:
    draw(drawn, looked, key="ring_picture")
    if hidden := hidden_note(one, looked):
        show(element("p", hidden, kind="dd-quiet dd-centred"))


def draw(drawn: Picture, looked: Waiting, *, key: str) -> None:
    """Draw a picture whose boxes and arrows lead to their traces."""
    if pick := picture(drawn, looked.now, key=key):
        go_to_trace(pick)


def _what_to_do(one: Deadlock, looked: Waiting, *, columns: int) -> None:
    parts = [_break, *([_next] if one.finding else []), *([_queue] if one.ring.victims else [])]
    with st.container(key="what_to_do"):
        places = st.columns(len(parts), gap="medium") if columns > 1 else [st.container() for _ in parts]
        for place, part in zip(places, parts, strict=True):
            with place:
                part(one, looked)


def _break(one: Deadlock, looked: Waiting) -> None:
    show(_heading("Break this wait first"), element("p", breaking(one, looked), kind="dd-advice"))
    where = trace_parameters(one.cut.trace_id, one.cut.span_id)
    st.page_link(TRACE, label="Open this wait", icon=":material/arrow_forward:", query_params=where)


def _next(one: Deadlock, _: Waiting) -> None:
    advice = one.finding.advice if one.finding else ""
    show(_heading("Next"), element("p", advice, kind="dd-advice"))


def _queue(one: Deadlock, looked: Waiting) -> None:
    behind = queue(one, looked)
    show(_heading("Waiting behind it", len(one.ring.victims)), facts_list(behind[:QUEUE_MAX]))
    if len(behind) > QUEUE_MAX:
        show(element("p", f"and {len(behind) - QUEUE_MAX} more waits", kind="dd-quiet"))


def _heading(title: str, number: int = 0) -> Html:
    counted = [element("span", f" · {number}", kind="dd-quiet")] if number else []
    return element("h2", title, *counted, kind="dd-content")


def every_wait(found: Sequence[Deadlock], looked: Waiting) -> None:
    """Offer every wait there is, in a ring or not."""
    if not st.toggle("Show the whole wait graph", key="every_wait"):
        return
    edges = sorted(looked.waits.edges, key=lambda edge: edge.since)
    if drawn := graph_picture(found, looked):
        draw(drawn, looked, key="graph_picture")
    else:
        show(element("p", "These are too many for a picture.", kind="dd-quiet"))
    if clicked := rows(waits_table(edges[:ROWS_MAX], looked), key="wait_rows"):
        go_to_trace(clicked)
    if len(edges) > ROWS_MAX:
        show(element("p", f"The {ROWS_MAX} longest of {count(len(edges))} are listed.", kind="dd-quiet"))


def how_to_report_waits() -> None:
    """Say what makes a wait visible, with lines to copy."""
    show(
        element("h2", "Say who waits for whom", kind="dd-section"),
        element(
            "p",
            "A ring can be seen once agents report their waits while they last. In Python, "
            "doldrums-client does; in any other language a span with the attribute ",
            element("code", "doldrums.wait.on"),
            " is a wait, and docs/waits.md has the rest.",
            kind="dd-calm",
        ),
    )
    st.code(SNIPPET, language="python")
