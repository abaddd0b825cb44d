"""Each page in each mood of the API: one clear message at worst, never a traceback, never a live image."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from dashboard.parts.session import API_URL
from dashboard.parts.shell import Glance
from tests.dashboard import fleet
from tests.dashboard.big_trace import BIG_TRACE
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.pages.conftest import Shown, expire_all

Show = Callable[..., Shown]
TRACE = {"trace": fleet.STUCK_TRACE, "span": fleet.STUCK_SPAN}
PAGES = {
    "views/overview.py": {},
    "views/open_spans.py": {},
    "views/deadlocks.py": {},
    "views/chains.py": {},
    "views/contracts.py": {},
    "views/checklist.py": {},
    "views/drift.py": {},
    "views/traces.py": {},
    "views/trace.py": TRACE,
}
DOCUMENTED = (
    *("/stats", "/traces", "/open-spans", "/findings", "/waits", "/chains"),
    *("/contracts", "/checklist", "/root-causes", "/series"),
)


@pytest.fixture(params=PAGES)
def view(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_page_asks_only_what_the_api_documents(api: FakeApi, show: Show, view: str) -> None:
    show(view, **PAGES[view])

    assert {f"/{urlsplit(asked).path.split('/')[1]}" for asked in api.asked} <= set(DOCUMENTED)


def test_an_api_that_never_answered_is_one_clear_message(
    show: Show, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(API_URL, "http://127.0.0.1:9")

    shown = show(view, **PAGES[view])

    assert shown.html.count("dd-message") == 1
    assert "The API does not answer. Since" in shown.text
    assert "this page comes back by itself" in shown.text
    assert "API unreachable since" in shown.text


def test_an_api_that_fails_is_one_clear_message(api: FakeApi, show: Show, view: str) -> None:
    api.mood = "error"

    shown = show(view, **PAGES[view])

    assert shown.html.count("dd-message") == 1
    assert "The API answers with an error (500)." in shown.text


def test_an_api_that_fails_later_leaves_what_was_loaded(api: FakeApi, show: Show, view: str) -> None:
    before = show(view, **PAGES[view])
    expire_all()
    api.mood = "error"

    after = Shown(before.test.run())

    assert "dd-message" not in after.html
    assert "The API answers with an error (500) since 14:03:1" in after.text
    assert "Showing what was loaded" in after.text
    assert "API failing since 14:03:1" in after.text


def test_a_page_comes_back_by_itself(api: FakeApi, show: Show, view: str) -> None:
    api.mood = "error"
    failed = show(view, **PAGES[view])
    api.mood = "normal"

    assert "dd-message" not in Shown(failed.test.run()).html


def test_hostile_text_stays_text(api: FakeApi, show: Show, view: str) -> None:
    api.mood = "hostile"

    shown = show(view, **PAGES[view])

    assert "<img" not in shown.html
    assert "<script" not in shown.html
    assert not [each for each in shown.test.markdown if "evil" in each.value]
    assert "evil.invalid" in shown.html + json.dumps(shown.component("rows"))


def test_ten_thousand_rows_are_shown_in_part(api: FakeApi, show: Show, view: str) -> None:
    api.mood = "big"

    shown = show(view, **{**PAGES[view], **({"trace": BIG_TRACE} if view == "views/trace.py" else {})})

    assert "dd-message" not in shown.html
    assert len(shown.component("waterfall") or "") < 1_000_000
    assert len(json.loads(shown.component("rows") or '{"rows": []}')["rows"]) <= 500


def test_nothing_stored_is_explained(api: FakeApi, show: Show, view: str) -> None:
    api.mood = "empty"
    expected = {
        "views/overview.py": "No spans yet. Point an OpenTelemetry exporter here, and this page fills",
        "views/deadlocks.py": "No deadlock. No open span says that it waits.",
        "views/open_spans.py": "Nothing is open right now. Work appears here while it runs",
        "views/chains.py": "No error in the last hour. No span says that it failed.",
        "views/contracts.py": "No call with content in the last hour.",
        "views/checklist.py": "No agent was seen in the last seven days.",
        "views/drift.py": "No series yet.",
        "views/traces.py": "No trace was received in the last hour.",
        "views/trace.py": "This trace is not stored. It may still be on its way",
    }

    assert expected[view] in show(view, **PAGES[view]).text


def test_a_fault_of_ours_is_said_without_its_traceback(
    show: Show, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError(HOSTILE)

    show(view, **PAGES[view])
    methods = (
        "stats",
        "open_spans",
        "waits",
        "chains",
        "contracts",
        "checklist",
        "series",
        "traces",
        "trace",
    )
    for method in methods:
        monkeypatch.setattr(f"dashboard.source.source.Source.{method}", broken)
    monkeypatch.setattr("dashboard.parts.shell.glance", Glance)
    monkeypatch.setattr("dashboard.parts.shell._pulse", lambda _: None)
    monkeypatch.setattr("dashboard.parts.shell._environments", lambda: [""])

    shown = show(view, **PAGES[view])

    assert "This page has a fault." in shown.text
    assert "ZeroDivisionError" not in shown.html
