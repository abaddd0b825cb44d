"""Fixtures shared by the dashboard's tests."""

from collections.abc import Iterator

import pytest
import streamlit as st

from dashboard.parts.session import API_URL
from tests.dashboard.fake_api import FakeApi, serving


@pytest.fixture(scope="session")
def api_server() -> Iterator[FakeApi]:
    with serving() as server:
        yield server


@pytest.fixture
def api(api_server: FakeApi, monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    """An API in its normal mood, and a dashboard that remembers nothing."""
    api_server.mood = "normal"
    api_server.scene = "calm"
    api_server.errors = "over"
    api_server.asked.clear()
    api_server.accepted.clear()
    api_server.key_needed = ""
    api_server.failing_paths.clear()
    api_server.delay_s = 0.0
    monkeypatch.setenv(API_URL, api_server.url)
    st.cache_resource.clear()
    return api_server
