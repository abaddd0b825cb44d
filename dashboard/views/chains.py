"""Error chains: where errors began, whom they went through, and which traces failed of them."""

from collections.abc import Sequence

import streamlit as st

from analytics.api.models import ErrorChain, ErrorChainDetail, ErrorChains
from dashboard.components.picture import picture
from dashboard.components.rows import rows
from dashboard.parts.chains import one_chain
from dashboard.parts.guard import guarded, note, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import element, show
from dashboard.parts.navigation import go_to_chain
from dashboard.parts.root_causes import root_causes
from dashboard.parts.session import environment, range_name, source
from dashboard.parts.widening import widen_button
from dashboard.presentation.address import is_fingerprint
from dashboard.presentation.chain import DETECTOR, LIMITS, Chains, news, of_chains, sorted_out, tone
from dashboard.presentation.chain_picture import flows_picture
from dashboard.presentation.chain_table import chain_table
from dashboard.presentation.time_range import RANGES_S, WORDS
from dashboard.source.errors import NotFound
from dashboard.source.library import Loaded
from dashboard.wording.amount import count
from dashboard.wording.moment import at

OUTLIVED_MAX = 5
"""More of those that failed no trace are shown when asked for."""


@guarded
def chains_page() -> None:
    wanted = st.query_params.get("id", "")
    if asked_for := _asked_for(wanted):
        findings = source().findings("open", detector=DETECTOR)
        stale_note(asked_for, findings)
        one_chain(asked_for.value, of_chains(findings.value.items).get(wanted))
        _foot(asked_for)
        return
    if wanted:
        note(f"The link points at an error chain that is not known in {WORDS[range_name()]}. These are.")
    _all(is_missed=bool(wanted))


def _asked_for(fingerprint: str) -> Loaded[ErrorChainDetail] | None:
    if not is_fingerprint(fingerprint):
        return None
    try:
        return source().chain(fingerprint, RANGES_S[range_name()], environment())
    except NotFound:
        return None


def _all(*, is_missed: bool) -> None:
    loaded = source().chains(RANGES_S[range_name()], environment())
    findings = source().findings("open", detector=DETECTOR)
    stale_note(loaded, findings)
    chains = sorted_out(loaded.value)
    found = of_chains(findings.value.items)
    headline(*news(chains, range_name(), environment()), tone(chains.failing, found))
    if is_missed or not loaded.value.items:
        widen_button()
    _picture(loaded.value)
    _table("Failed traces", "", chains.failing)
    _table("Outlived by most traces", "They failed some, and are expected: no finding.", chains.expected)
    _outlived(chains)
    if loaded.value.total > len(loaded.value.items):
        number = count(len(loaded.value.items))
        text = f"The {number} that failed most traces are shown, of {count(loaded.value.total)}."
        show(element("p", text, kind="dd-quiet"))
    root_causes()
    _foot(loaded)


def _picture(found: ErrorChains) -> None:
    if not found.flows:
        return
    drawn = flows_picture(found.flows, found.items)
    if drawn is None:
        show(element("p", "Errors went through too many agents for a picture.", kind="dd-quiet"))
    elif pick := picture(drawn, source().now(), key="flows_picture"):
        go_to_chain(pick)


def _table(title: str, said: str, chains: Sequence[ErrorChain], number: int = 0) -> None:
    if not chains:
        return
    of = element("span", f" · {count(number or len(chains))}", kind="dd-quiet")
    show(
        element("h2", title, of, kind="dd-section"), *([element("p", said, kind="dd-quiet")] if said else [])
    )
    if clicked := rows(chain_table(title, chains, range_name(), source().now()), key=f"rows_{title}"):
        go_to_chain(clicked)


def _outlived(chains: Chains) -> None:
    number = len(chains.outlived)
    shown = chains.outlived
    if number > OUTLIVED_MAX and not st.session_state.get("all_outlived"):
        shown = shown[:OUTLIVED_MAX]
    said = "Somebody contained them, or tried again; what is above may also be on its way still."
    _table("Failed no trace", said, shown, number)
    if number > OUTLIVED_MAX:
        st.toggle("Show all that failed no trace", key="all_outlived")


def _foot(loaded: Loaded[ErrorChains] | Loaded[ErrorChainDetail]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="paging"):
        st.button("Refresh", icon=":material/refresh:")
        as_of = at(loaded.at, source().now())
        show(element("span", f"As of {as_of} UTC. {LIMITS}", kind="dd-quiet"))


chains_page()
