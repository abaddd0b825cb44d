"""The empty state: how to point an exporter here. It turns into the Overview by itself."""

import streamlit as st

from analytics.api.models import Stats
from dashboard.parts.guard import stale_note
from dashboard.parts.markup import element, show
from dashboard.parts.session import source
from dashboard.presentation.onboarding import exporter_lines
from dashboard.source.library import Loaded
from dashboard.wording.moment import ago


def onboarding(stats: Loaded[Stats]) -> None:
    """Say that nothing has arrived, what to do, and that we are listening."""
    st.session_state["was_empty"] = True
    stale_note(stats)
    show(
        element(
            "h1",
            element("span", "No spans yet.", kind="dd-lead"),
            " ",
            element(
                "span", "Point an OpenTelemetry exporter here, and this page fills by itself.", kind="dd-rest"
            ),
            kind="dd-headline",
        ),
        element("h2", "In the environment of your agents", kind="dd-section"),
    )
    st.code(exporter_lines(stats.value), language="bash")
    show(
        element("h2", "Or look around first", kind="dd-section"),
        element("p", "A scripted fleet of agents, one of which gets stuck, in a data folder of its own:"),
    )
    st.code("doldrums demo", language="bash")
    checked = ago(stats.at, source().now())
    show(element("p", element("i", kind="dd-dot"), f"Listening, last checked {checked}", kind="dd-pulse"))
