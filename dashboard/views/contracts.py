"""Contracts: what calls are held against at each boundary, and how they keep it."""

import json
from collections.abc import Sequence

import streamlit as st

from analytics.api.models import Contract, ContractBoundaries, ContractBoundary, ContractDetail
from dashboard.components.rows import rows
from dashboard.parts.facts import facts_list
from dashboard.parts.filters import put
from dashboard.parts.guard import guarded, note, stale_note
from dashboard.parts.headline import headline
from dashboard.parts.markup import Html, element, show
from dashboard.parts.navigation import go_to_contract, go_to_trace
from dashboard.parts.session import environment, range_name, source
from dashboard.parts.widening import widen_button
from dashboard.presentation.address import is_fingerprint
from dashboard.presentation.contract import (
    LIMITS,
    boundary_table,
    break_table,
    broken,
    contract_facts,
    in_short,
    news,
    rate_table,
    tone,
)
from dashboard.presentation.time_range import RANGES_S, WORDS
from dashboard.source.errors import NotFound
from dashboard.source.library import Loaded
from dashboard.wording.amount import count
from dashboard.wording.moment import at

SCHEMA_CHARACTERS_MAX = 20_000
CONTRACTS_MAX = 5


@guarded
def contracts_page() -> None:
    wanted = st.query_params.get("id", "")
    if asked_for := _asked_for(wanted):
        stale_note(asked_for)
        _one(asked_for.value)
        _foot(asked_for)
        return
    if wanted:
        note(f"The link points at a boundary of which no call was seen in {WORDS[range_name()]}. These are.")
    _all(is_missed=bool(wanted))


def _asked_for(boundary: str) -> Loaded[ContractDetail] | None:
    if not is_fingerprint(boundary):
        return None
    try:
        return source().contract(boundary, RANGES_S[range_name()], environment())
    except NotFound:
        return None


def _all(*, is_missed: bool) -> None:
    loaded = source().contracts(RANGES_S[range_name()], environment())
    stale_note(loaded)
    found = loaded.value
    headline(*news(found, range_name()), tone(found.items))
    if is_missed or not found.items:
        widen_button()
    failing = broken(found.items)
    learning = [one for one in found.items if one.source == "none"]
    kept = [one for one in found.items if not one.broken and one.source != "none"]
    _table("Broken", "", failing, found.calls_min)
    _table("Kept", "", kept, found.calls_min)
    said = "Too few calls were seen to say what they always are."
    _table("Still learned", said, learning, found.calls_min)
    if found.total > len(found.items):
        text = f"{count(len(found.items))} of {count(found.total)} are shown, those broken most first."
        show(element("p", text, kind="dd-quiet"))
    _foot(loaded)


def _table(title: str, said: str, boundaries: Sequence[ContractBoundary], needed: int) -> None:
    if not boundaries:
        return
    below = [element("p", said, kind="dd-quiet")] if said else []
    show(_section(title, f" · {count(len(boundaries))}"), *below)
    table = boundary_table(title, boundaries, needed, source().now())
    if clicked := rows(table, key=f"rows_{title}"):
        go_to_contract(clicked)


def _one(detail: ContractDetail) -> None:
    st.button("All contracts", icon=":material/arrow_back:", type="tertiary", on_click=put, args=("id", ""))
    headline(*in_short(detail, range_name()), tone([detail.boundary]))
    now = source().now()
    if detail.breaks:
        show(_section("How it was broken", f" · {count(len(detail.breaks))}"))
        if clicked := rows(break_table(detail.breaks, now), key="break_rows"):
            go_to_trace(clicked)
    for place, contract in enumerate(detail.contracts[:CONTRACTS_MAX]):
        _contract(contract, place)
    if detail.history:
        show(_section("Over time", ""))
        rows(rate_table(detail.boundary.id, detail.history, now), key="rate_rows")


def _contract(contract: Contract, place: int) -> None:
    version = f" · version {contract.version}" if contract.version else ""
    show(_section("Contract", version), facts_list(contract_facts(contract, source().now())))
    if contract.json_schema:
        with st.expander("JSON Schema", expanded=place == 0):
            st.code(_indented(contract.json_schema), language="json")


def _indented(schema: str) -> str:
    try:
        written = json.dumps(json.loads(schema), indent=2, ensure_ascii=False)
    except ValueError:
        written = schema
    return written[:SCHEMA_CHARACTERS_MAX]


def _section(title: str, rest: str) -> Html:
    return element("h2", title, element("span", rest, kind="dd-quiet"), kind="dd-section")


def _foot(loaded: Loaded[ContractBoundaries] | Loaded[ContractDetail]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="paging"):
        st.button("Refresh", icon=":material/refresh:")
        as_of = at(loaded.at, source().now())
        show(element("span", f"As of {as_of} UTC. {LIMITS}", kind="dd-quiet"))


contracts_page()
