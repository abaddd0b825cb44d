"""The way out of a time range that has too little in it."""

import streamlit as st

from dashboard.parts.session import RANGE_KEY, range_name
from dashboard.presentation.time_range import WIDEN, wider


def widen_button() -> None:
    """Offer the next longer time range, where there is one."""
    if longer := wider(range_name()):
        st.button(WIDEN[longer], key="widen", on_click=_widen, args=(longer,))


def _widen(name: str) -> None:
    st.session_state[RANGE_KEY] = name
