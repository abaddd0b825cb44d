"""The pages, and the ways between them."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.presentation.address import (
    chain_parameters,
    contract_parameters,
    deadlock_parameters,
    series_parameters,
    trace_parameters,
)

VIEWS = Path(__file__).parent.parent / "views"
OVERVIEW = VIEWS / "overview.py"
OPEN = VIEWS / "open_spans.py"
DEADLOCKS = VIEWS / "deadlocks.py"
CHAINS = VIEWS / "chains.py"
TRACES = VIEWS / "traces.py"
TRACE = VIEWS / "trace.py"
CHECKLIST = VIEWS / "checklist.py"
CONTRACTS = VIEWS / "contracts.py"
DRIFT = VIEWS / "drift.py"


def navigation(stuck: int, deadlocks: int, chains: int, drifting: int) -> Page:
    """Return the page that the URL names, with all of them in the sidebar."""
    deadlocks_title = f"Deadlocks · {deadlocks}" if deadlocks else "Deadlocks"
    open_title = f"Open & stuck · {stuck}" if stuck else "Open & stuck"
    chains_title = f"Error chains · {chains}" if chains else "Error chains"
    drift_title = f"Drift · {drifting}" if drifting else "Drift"
    return st.navigation(
        {
            "Now": [
                st.Page(OVERVIEW, title="Overview", icon=":material/dashboard:", default=True),
                st.Page(OPEN, title=open_title, icon=":material/hourglass_top:", url_path="open"),
                st.Page(
                    DEADLOCKS, title=deadlocks_title, icon=":material/sync_problem:", url_path="deadlocks"
                ),
            ],
            "Explain": [
                st.Page(CHAINS, title=chains_title, icon=":material/link:", url_path="chains"),
                st.Page(DRIFT, title=drift_title, icon=":material/trending_up:", url_path="drift"),
                st.Page(TRACES, title="Traces", icon=":material/list:", url_path="traces"),
                st.Page(TRACE, title="Trace", icon=":material/account_tree:", url_path="trace"),
            ],
            "Rules": [
                st.Page(CONTRACTS, title="Contracts", icon=":material/rule:", url_path="contracts"),
                st.Page(CHECKLIST, title="Checklist", icon=":material/checklist:", url_path="checklist"),
            ],
        }
    )


def go_to_trace(row_id: str) -> None:
    """Leave this page for a trace, or for a span as `trace/span`."""
    trace_id, _, span_id = row_id.partition("/")
    st.switch_page(TRACE, query_params=trace_parameters(trace_id, span_id or None))


def go_to_traces_of(agent: str) -> None:
    """Leave this page for the traces of an agent."""
    st.switch_page(TRACES, query_params={"agent": agent})


def go_to_deadlock(finding_id: str) -> None:
    """Show a deadlock by its finding, past or present."""
    st.switch_page(DEADLOCKS, query_params=deadlock_parameters(finding_id))


def go_to_chain(fingerprint: str) -> None:
    """Show one error chain."""
    st.switch_page(CHAINS, query_params=chain_parameters(fingerprint))


def go_to_series(series: str) -> None:
    """Show one series."""
    st.switch_page(DRIFT, query_params=series_parameters(series))


def go_to_contract(boundary: str) -> None:
    """Show one boundary and its contracts."""
    st.switch_page(CONTRACTS, query_params=contract_parameters(boundary))
