"""Overview: how things stand in one sentence, five numbers, and what needs attention."""

from datetime import timedelta
from pathlib import Path

import streamlit as st

from dashboard.components.rows import rows
from dashboard.parts.finding_card import finding_card
from dashboard.parts.guard import guarded, note, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import DEADLOCKS, OPEN, TRACES, go_to_trace
from dashboard.parts.onboarding import onboarding
from dashboard.parts.session import environment, ingest_history, range_name, source
from dashboard.presentation.chain import DETECTOR as CHAIN_DETECTOR
from dashboard.presentation.deadlock import DETECTOR as DEADLOCK_DETECTOR
from dashboard.presentation.finding import card, others_note, together, worst_first
from dashboard.presentation.overview import Standing, Tile, is_empty, looked, other_signals, sentence, tiles
from dashboard.presentation.time_range import RANGES_S, WORDS
from dashboard.presentation.trace_list import table
from dashboard.source.source import TraceFilter

REFRESH_S = 3.0
GREETING = timedelta(minutes=1)
ATTENTION_MAX = 7
RESOLVED_MAX = 5
NEWEST_MAX = 5
TRACES_COUNTED_MAX = 200
OPEN_SPANS_COUNTED_MAX = 500

TILE_LINKS: tuple[tuple[str, Path, dict[str, str]], ...] = (
    ("Deadlocks", DEADLOCKS, {}),
    ("Stuck now", OPEN, {}),
    ("Open spans", OPEN, {}),
    ("Failed traces", TRACES, {"status": "error"}),
    ("Spans stored", TRACES, {}),
)


@st.fragment(run_every=REFRESH_S)
@guarded
def overview() -> None:
    stats = source().stats()
    if is_empty(stats.value):
        onboarding(stats)
        return
    chosen = TraceFilter(RANGES_S[range_name()], environment())
    findings = source().findings("open")
    rings = source().findings("open", detector=DEADLOCK_DETECTOR)
    chains = source().findings("open", detector=CHAIN_DETECTOR)
    open_spans = source().open_spans(environment(), limit=OPEN_SPANS_COUNTED_MAX)
    traces = source().traces(chosen, limit=TRACES_COUNTED_MAX)
    stale_note(stats, findings, rings, chains, open_spans, traces)
    standing = Standing(
        stats=stats.value,
        findings=together(together(findings.value, rings.value), chains.value),
        open_spans=open_spans.value,
        traces=traces.value,
        range_name=range_name(),
        now=source().now(),
    )
    _headline(standing)
    _tiles(standing)
    _attention(standing)
    _resolved()
    _newest(standing)
    _other_signals(standing)


def _headline(standing: Standing) -> None:
    _greeting(standing)
    told = sentence(standing)
    headline(told.lead, told.rest, told.tone)


def _greeting(standing: Standing) -> None:
    """Say for a minute that the first span has come: a run that is cut short must not use it up."""
    if st.session_state.pop("was_empty", False):
        agents = [agent for trace in standing.traces.items for agent in trace.agents]
        text = f"First span received from {agents[0]}." if agents else "First span received."
        st.session_state["greeting"] = (standing.now + GREETING, text)
    until, text = st.session_state.get("greeting", (standing.now, ""))
    if standing.now < until:
        note(text)


def _tiles(standing: Standing) -> None:
    grid = st.grid(5, min_column_width=150, key="tiles")
    drawn = tiles(standing, ingest_history().per_second())
    for place, (tile, (label, page, where)) in enumerate(zip(drawn, TILE_LINKS, strict=True)):
        with grid.cell(), st.container(border=True, key=f"tile_{place}", gap=None, height="stretch"):
            st.page_link(page, label=label, query_params=where)
            show(_tile(tile))


def _tile(tile: Tile) -> Html:
    bars = [element("i", style=f"height:{max(share, 0.04):.0%}") for share in tile.bars]
    return element(
        "div",
        element("div", tile.value, kind=f"dd-value dd-is-{tile.tone}"),
        element("div", tile.note, kind="dd-quiet dd-tile-note"),
        *([element("div", *bars, kind="dd-bars")] if bars else []),
        kind="dd-tile",
    )


def _attention(standing: Standing) -> None:
    findings = worst_first(standing.findings.items)
    show(_section("Needs attention", len(findings), more=bool(standing.findings.next)))
    if environment() and findings:
        show(element("p", "Findings of every environment are listed.", kind="dd-quiet"))
    if not findings:
        text = f"Nothing needs attention. {looked(standing.stats.detectors, standing.now)}"
        show(element("p", text, kind="dd-calm"))
    for finding in findings[:ATTENTION_MAX]:
        finding_card(card(finding, standing.now))
    if more := others_note(len(findings) - ATTENTION_MAX):
        show(element("p", more, kind="dd-quiet"))


def _resolved() -> None:
    page = source().findings("resolved", since_s=RANGES_S[range_name()])
    resolved = sorted(page.value.items, key=lambda finding: finding.resolved_at or "", reverse=True)
    if not resolved:
        return
    show(_section(f"Resolved in {WORDS[range_name()]}", len(resolved)))
    cards = [card(finding, source().now()) for finding in resolved[:RESOLVED_MAX]]
    lines = [
        element(
            "li",
            element("span", one.title),
            element("span", " · ".join(filter(None, (one.since, one.resolution))), kind="dd-quiet"),
        )
        for one in cards
    ]
    show(element("ul", *lines, kind="dd-resolved"))


def _newest(standing: Standing) -> None:
    newest = standing.traces.items[:NEWEST_MAX]
    if not newest:
        return
    show(_section("Newest traces"))
    if clicked := rows(table(newest, standing.now), key="newest_rows"):
        go_to_trace(clicked)


def _other_signals(standing: Standing) -> None:
    if told := other_signals(standing.stats):
        show(element("p", told, kind="dd-quiet"))


def _section(title: str, number: int = 0, *, more: bool = False) -> Html:
    counted = f" · {number}{'+' if more else ''}" if number else ""
    return element("h2", title, element("span", counted, kind="dd-quiet"), kind="dd-section")


overview()
