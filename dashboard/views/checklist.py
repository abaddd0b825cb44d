"""Checklist: five old questions, asked of every agent that was seen."""

import streamlit as st

from analytics.api.models import AgentChecklist
from dashboard.components.rows import rows
from dashboard.parts.guard import guarded, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_trace, go_to_traces_of
from dashboard.parts.session import source
from dashboard.presentation.checklist import LIMITS, agents_note, answers_table, news, tone, worst_first
from dashboard.wording.amount import shortened
from dashboard.wording.moment import at

AGENTS_MAX = 10
"""More are shown when asked for: those that fail stand in front."""


@guarded
def checklist_page() -> None:
    loaded = source().checklist()
    stale_note(loaded)
    agents = worst_first(loaded.value.items)
    headline(*news(agents), tone(agents))
    shown = agents if st.session_state.get("every_agent") else agents[:AGENTS_MAX]
    for place, agent in enumerate(shown):
        _agent(agent, key=f"answers_{place}")
    if len(agents) > AGENTS_MAX:
        st.toggle("Show every agent", key="every_agent")
    with st.container(horizontal=True, vertical_alignment="center", key="paging"):
        st.button("Refresh", icon=":material/refresh:")
        if agents:
            st.download_button(
                "JSON",
                loaded.value.model_dump_json(indent=1),
                "checklist.json",
                "application/json",
                icon=":material/download:",
            )
        as_of = at(loaded.at, source().now())
        show(element("span", f"The last seven days, as of {as_of} UTC. {LIMITS}", kind="dd-quiet"))


def _agent(agent: AgentChecklist, key: str) -> None:
    seen = element("span", agents_note(agent), kind="dd-quiet")
    show(element("h2", shortened(agent.agent), seen, kind="dd-section"))
    if clicked := rows(answers_table(agent), key=key):
        worst = clicked.partition(" ")[2]
        if worst:
            go_to_trace(worst)
        else:
            go_to_traces_of(agent.agent)


checklist_page()
