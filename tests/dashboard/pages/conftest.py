"""A page run by Streamlit's own test runner against the API's real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.parts.session import source
from tests.dashboard.fake_api import FakeApi

APP = Path(dashboard.__file__).parent / "app.py"
START = "views/overview.py"
RUN_S_MAX = 60


class Shown:
    """What a page shows, after it ran."""

    def __init__(self, test: AppTest) -> None:
        self.test = test

    @property
    def html(self) -> str:
        return "\n".join(
            each.proto.body for each in self.test.get("html") if "<style>" not in each.proto.body
        )

    @property
    def text(self) -> str:
        """Return the words that a reader sees, in order."""
        reader = Words()
        reader.feed(self.html)
        return " ".join(" ".join(reader.words).split())

    def component(self, name: str) -> Any:
        found = [each.proto for each in self.test.get("bidi_component")]
        return next((proto.json for proto in found if proto.component_name == f"doldrums.{name}"), None)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def expire_all() -> None:
    """Make everything loaded so far too old to be shown without asking."""
    for shelf in source()._library._shelves.values():
        if shelf.loaded:
            shelf.loaded = replace(shelf.loaded, monotonic_s=shelf.loaded.monotonic_s - 3_600)


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once() -> Iterator[None]:
    """Streamlit's test runner looks for components in every installed package, in every test anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture
def show(api: FakeApi) -> Callable[..., Shown]:
    """Return a function that opens a page, `views/...`, with a query."""

    def open_page(view: str, **query: str) -> Shown:
        test = AppTest.from_file(str(APP), default_timeout=RUN_S_MAX)
        test.query_params.update(query)
        test.run()
        if view != START:
            test.switch_page(view).run()
        assert not test.exception
        return Shown(test)

    return open_page
