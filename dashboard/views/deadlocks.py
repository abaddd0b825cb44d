"""Deadlocks: the rings of waits that hold agents, which wait to break, and those that are over."""

import streamlit as st

from analytics.api.models import Finding, Page
from dashboard.components.rows import rows
from dashboard.parts.finding_card import finding_card, finding_facts
from dashboard.parts.guard import guarded, note, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import DEADLOCKS, go_to_deadlock
from dashboard.parts.session import range_name, source
from dashboard.parts.time_line import time_line
from dashboard.parts.waits import every_wait, how_to_report_waits, ring
from dashboard.presentation.address import is_finding_id
from dashboard.presentation.deadlock import (
    DETECTOR,
    Deadlock,
    calm,
    deadlocks,
    forming,
    in_short,
    lead,
    looks,
    tone,
)
from dashboard.presentation.finding import card
from dashboard.presentation.past import bars, newest_first, past_table
from dashboard.presentation.time_range import RANGES_S, WORDS
from dashboard.presentation.wait_table import other_rings
from dashboard.presentation.waiting import Waiting, waiting
from dashboard.source.errors import NotFound

REFRESH_S = 3.0
PAST_MAX = 20


@st.fragment(run_every=REFRESH_S)
@guarded
def deadlocks_page() -> None:
    waits, findings = source().waits(), source().findings("open", detector=DETECTOR)
    lately = source().findings("", detector=DETECTOR, since_s=RANGES_S[range_name()])
    stale_note(waits, findings, lately)
    looked = waiting(waits.value, source().now())
    found = deadlocks(waits.value, findings.value.items)
    _asked_for(found)
    if found:
        _standing(found, looked)
    else:
        _calm(looked, lately.value)
    _without_ring(found, findings.value.items)
    _past(lately.value)


def _asked_for(found: list[Deadlock]) -> None:
    """Show what the URL names, where that is no ring of now: one that is over, or nothing."""
    wanted = st.query_params.get("id", "")
    if not wanted or wanted in {one.id for one in found}:
        return
    try:
        finding = source().finding(wanted).value if is_finding_id(wanted) else None
    except NotFound:
        finding = None
    if finding is None:
        note("The link points at a deadlock that is not known. This is how things stand now.")
    elif finding.state == "resolved":
        finding_card(card(finding, source().now()))
        st.page_link(DEADLOCKS, label="How things stand now", icon=":material/arrow_downward:")


def _standing(found: list[Deadlock], looked: Waiting) -> None:
    wanted = st.query_params.get("id", "")
    shown = next((one for one in found if one.id == wanted), found[0])
    headline(lead(found, looked), in_short(shown, looked), tone(found))
    if shown.finding:
        finding_facts(card(shown.finding, looked.now))
    ring(shown, looked)
    others = [one for one in found if one is not shown]
    if others:
        show(element("h2", "Other deadlocks now", kind="dd-section"))
        if clicked := rows(other_rings(others, looked), key="other_rings"):
            go_to_deadlock(clicked)
    every_wait(found, looked)


def _calm(looked: Waiting, lately: Page[Finding]) -> None:
    headline(*calm(looked), "quiet")
    show(element("p", looks(looked), kind="dd-calm"))
    if maybe := forming(looked):
        note(maybe)
    if looked.waits.edges:
        st.session_state["waits_seen"] = True
        every_wait([], looked)
    elif looked.waits.at and not lately.items and not st.session_state.get("waits_seen"):
        how_to_report_waits()


def _without_ring(found: list[Deadlock], findings: list[Finding]) -> None:
    """Show what is still open although the last look saw no such ring: it is resolved in a moment."""
    drawn = {one.id for one in found}
    left = [finding for finding in findings if finding.id not in drawn]
    if left:
        show(element("h2", "Not seen at the last look", kind="dd-section"))
    for finding in left:
        finding_card(card(finding, source().now()))


def _past(lately: Page[Finding]) -> None:
    past = newest_first([finding for finding in lately.items if finding.state == "resolved"])
    if not past:
        return
    number = element("span", f" · {len(past)}{'+' if lately.next else ''}", kind="dd-quiet")
    drawn = bars(lately.items, RANGES_S[range_name()], source().now())
    show(
        element("h2", f"Past deadlocks in {WORDS[range_name()]}", number, kind="dd-section"),
        time_line(drawn, f"{range_name()} ago"),
    )
    if clicked := rows(past_table(past[:PAST_MAX], source().now()), key="past_rows"):
        go_to_deadlock(clicked)


deadlocks_page()
