"""Where a trace may have gone wrong: at most three spans, the evidence, and what came of it."""

import streamlit as st

from analytics.api.models import Suspects, Trace
from dashboard.parts.facts import facts_list
from dashboard.parts.filters import put
from dashboard.parts.markup import Html, element, show
from dashboard.parts.session import source
from dashboard.presentation.suspect import (
    LIMITS,
    SuspectCard,
    is_shown_by_itself,
    remarks,
    suspect_cards,
    why_asked,
)
from dashboard.source.errors import SourceError
from dashboard.source.library import Loaded

WANTED = "suspects_wanted"


def suspects_panel(trace: Trace, here: str) -> None:
    """Draw the suspects of a trace that failed, or a button that looks for them.

    Parameters
    ----------
    here
        The span that is shown already, which needs no link.
    """
    show(element("h2", "Where it may have gone wrong", kind="dd-section"))
    if not (is_shown_by_itself(trace) or st.session_state.get(WANTED) == trace.trace_id):
        with st.container(horizontal=True, vertical_alignment="center", key="suspects_asked"):
            st.button("Look for it", icon=":material/search:", on_click=_want, args=(trace.trace_id,))
            show(element("p", why_asked(trace), kind="dd-quiet"))
        return
    try:
        with st.spinner("Looking at what was said"):
            loaded = source().suspects(trace.trace_id)
    except SourceError as error:
        show(element("p", f"It could not be looked for. {error.sentence}", kind="dd-quiet"))
        return
    _draw(loaded, trace, here)


def _want(trace_id: str) -> None:
    st.session_state[WANTED] = trace_id


def _draw(loaded: Loaded[Suspects], trace: Trace, here: str) -> None:
    show(element("p", LIMITS, kind="dd-quiet"))
    for remark in remarks(loaded.value, trace, loaded.at, source().now()):
        show(element("p", remark))
    for card in suspect_cards(loaded.value, trace):
        _suspect(card, here)


def _suspect(card: SuspectCard, here: str) -> None:
    with st.container(border=True, key=f"suspect_{card.rank}", gap="small"):
        with st.container(
            key=f"suspect_head_{card.rank}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            show(_head(card))
            with st.container(horizontal=True, width="content"):
                _links(card, here)
        show(_evidence(card), *_aftermath(card))


def _head(card: SuspectCard) -> Html:
    what = [element("span", card.what, kind="dd-quiet dd-line")] if card.what else []
    return element(
        "h3",
        element("span", str(card.rank), kind="dd-rank"),
        element("span", card.title, kind="dd-line"),
        *what,
        element("span", card.grade, kind="dd-badge dd-quiet" if card.is_prior else "dd-badge dd-plain"),
        kind="dd-suspect",
    )


def _links(card: SuspectCard, here: str) -> None:
    # a link to the page that one is on would leave the URL as it is
    if card.span_id != here:
        st.button(
            "Open the span",
            icon=":material/arrow_forward:",
            type="tertiary",
            key=f"suspect_span_{card.rank}",
            on_click=put,
            args=("span", card.span_id),
        )
    if card.goal and card.goal not in (here, card.span_id):
        st.button(
            "What it came to",
            icon=":material/arrow_forward:",
            type="tertiary",
            key=f"suspect_goal_{card.rank}",
            on_click=put,
            args=("span", card.goal),
        )


def _evidence(card: SuspectCard) -> Html:
    found = [element("li", element("b", f"{kind}: "), text) for kind, text in card.evidence]
    return element("ul", *found, kind="dd-evidence")


def _aftermath(card: SuspectCard) -> list[Html]:
    if not card.came_of:
        return []
    said = element("p", element("b", "What came of it: "), card.came_of, kind="dd-advice")
    return [said, *([facts_list(card.way)] if card.way else [])]
