"""Filters of one page that live in its URL: the URL is the truth, and Back works."""

import streamlit as st


def from_url(name: str, key: str) -> str:
    """Set the widget `key` to what the URL says of `name`, and return that. Call it before the widget."""
    value = st.query_params.get(name, "")
    st.session_state[key] = value
    return value


def to_url(name: str, key: str) -> None:
    """Write a widget's value into the URL; for its `on_change`, the only time at which that is safe."""
    put(name, st.session_state[key] or "")


def put(name: str, value: str) -> None:
    """Set or remove a filter; pages of a list are counted from its start again."""
    st.query_params.pop("cursor", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
