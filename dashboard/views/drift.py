"""Drift: what changed in what agents put out, since when, by how much, and after which known change."""

from collections.abc import Sequence

import streamlit as st

from analytics.api.drift_models import Series, SeriesPage, SeriesSummary
from dashboard.components.rows import rows
from dashboard.parts.drift import DAYS, one_series
from dashboard.parts.filters import from_url, put, to_url
from dashboard.parts.guard import guarded, note, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_series
from dashboard.parts.session import environment, source
from dashboard.presentation.address import is_series_id
from dashboard.presentation.drift import LIMITS, STATES, in_state, news, series_table, tone
from dashboard.presentation.drift_alarm import days_shown
from dashboard.source.errors import NotFound
from dashboard.source.library import Loaded
from dashboard.wording.amount import count
from dashboard.wording.moment import at

ROWS_MAX = 100
DAYS_LOADED_FIRST = 7


@guarded
def drift_page() -> None:
    wanted = st.query_params.get("series", "")
    if asked_for := _asked_for(wanted):
        loaded, days = asked_for
        stale_note(loaded)
        one_series(loaded.value, days)
        _foot(loaded)
        return
    if wanted:
        note("The link points at a series that is not known. These are.")
    _all()


def _asked_for(series: str) -> tuple[Loaded[Series], int] | None:
    if not is_series_id(series):
        return None
    chosen = st.query_params.get("days", "")
    try:
        if chosen in DAYS:
            return source().one_series(series, int(chosen)), int(chosen)
        loaded = source().one_series(series, DAYS_LOADED_FIRST)
        days = days_shown(loaded.value, source().now())
        return (loaded if days == DAYS_LOADED_FIRST else source().one_series(series, days)), days
    except NotFound:
        return None


def _all() -> None:
    top = source().series(environment(), limit=ROWS_MAX)
    stale_note(top)
    headline(*news(top.value), tone(top.value.counts))
    counts = top.value.counts
    if not counts.watched + counts.drifting + counts.pooled + counts.warming_up + counts.quiet:
        _foot(top)
        return
    query, state = _filter_line()
    cursor = st.query_params.get("cursor", "")
    loaded = source().series(environment(), query=query, state=state, cursor=cursor, limit=ROWS_MAX)
    stale_note(loaded)
    _tables(loaded.value.items)
    if not loaded.value.items:
        show(element("p", "No series matches.", kind="dd-calm"))
    _paging(loaded.value, cursor)
    _foot(loaded)


def _filter_line() -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        query = from_url("q", "drift_q")
        st.text_input(
            "Search",
            key="drift_q",
            label_visibility="collapsed",
            placeholder="Search agent, operation, tool, model or metric",
            icon=":material/search:",
            on_change=to_url,
            args=("q", "drift_q"),
        )
        state = from_url("state", "drift_state")
        if state not in STATES:
            st.session_state["drift_state"] = state = ""
        st.segmented_control(
            "State",
            list(STATES),
            key="drift_state",
            format_func=lambda name: STATES[name],
            required=True,
            label_visibility="collapsed",
            on_change=to_url,
            args=("state", "drift_state"),
        )
    return query, state


def _tables(series: Sequence[SeriesSummary]) -> None:
    _table("Drifting", "", in_state(series, "drifting"))
    _table("Watched", "Nearest to an alarm first: evidence of 100 % is one.", in_state(series, "watched"))
    said = "Too few calls to be watched alone: each by its ranks, all of them as one series."
    _table("Watched together", said, in_state(series, "pooled"))
    said = "What is usual is still learned: nothing is told of these."
    _table("Warming up", said, in_state(series, "warming up"))
    _table("Quiet", "They were watched, and send nothing now.", in_state(series, "quiet"))


def _table(title: str, said: str, series: Sequence[SeriesSummary]) -> None:
    if not series:
        return
    below = [element("p", said, kind="dd-quiet")] if said else []
    of = element("span", f" · {count(len(series))}", kind="dd-quiet")
    show(element("h2", title, of, kind="dd-section"), *below)
    if clicked := rows(series_table(title, series, source().now()), key=f"rows_{title}"):
        go_to_series(clicked)


def _paging(page: SeriesPage, cursor: str) -> None:
    if not (cursor or page.next):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        if cursor:
            st.button("First", icon=":material/first_page:", on_click=put, args=("cursor", ""))
        if page.next:
            st.button("More", icon=":material/chevron_right:", on_click=_more, args=(page.next,))


def _more(cursor: str) -> None:
    st.query_params["cursor"] = cursor


def _foot(loaded: Loaded[SeriesPage] | Loaded[Series]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="paging"):
        st.button("Refresh", icon=":material/refresh:")
        as_of = at(loaded.at, source().now())
        show(element("span", f"As of {as_of} UTC. {LIMITS}", kind="dd-quiet"))


drift_page()
