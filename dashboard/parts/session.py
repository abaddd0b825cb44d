"""What a page needs to know of the process and of the session that it runs in."""

import os

import streamlit as st

from dashboard.presentation.time_range import RANGE_DEFAULT, RANGES_S
from dashboard.source.client import Client
from dashboard.source.ingest import IngestHistory
from dashboard.source.library import Library
from dashboard.source.source import Source

API_URL = "DOLDRUMS_API_URL"
API_KEY = "DOLDRUMS_API_KEY"
API_URL_DEFAULT = "http://127.0.0.1:8080"
RANGE_KEY = "range"
ENVIRONMENT_KEY = "environment"


def source() -> Source:
    """Return the API as this process knows it; the parent process says where it is, and what to show it."""
    return _source(os.environ.get(API_URL, API_URL_DEFAULT), os.environ.get(API_KEY, ""))


@st.cache_resource(show_spinner=False)
def _source(api_url: str, api_key: str) -> Source:
    return Source(Library(Client(api_url, api_key)))


@st.cache_resource(show_spinner=False)
def ingest_history() -> IngestHistory:
    """Return the rates that all sessions share."""
    return IngestHistory()


def range_name() -> str:
    """Return the chosen time range; a URL may say anything."""
    name = st.session_state.get(RANGE_KEY)
    return name if name in RANGES_S else RANGE_DEFAULT


def environment() -> str:
    """Return the chosen environment, empty for all."""
    return st.session_state.get(ENVIRONMENT_KEY) or ""
