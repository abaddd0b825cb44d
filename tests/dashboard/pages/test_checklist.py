"""The page of the checklist: who fails what, in which order, and where a row leads."""

import json
from collections.abc import Callable

from dashboard.presentation.checklist import answers_table
from tests.dashboard.checked import checked
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.fleet import STUCK_TRACE
from tests.dashboard.pages.conftest import Shown

Show = Callable[..., Shown]
VIEW = "views/checklist.py"


def test_who_fails_worst_stands_first_and_the_news_say_who(show: Show) -> None:
    shown = show(VIEW)

    assert "planner and billing fail a question. 2 answers pass, 11 are unknown." in shown.text
    assert shown.text.index("planner · 399 traces") < shown.text.index("billing · 398 traces")
    assert shown.text.index("billing · 398 traces") < shown.text.index("researcher · 400 traces")
    assert "dd-broken" in shown.html


def test_rows_say_why_and_lead_to_the_worst_trace_or_to_the_agents(show: Show) -> None:
    table = json.loads(show(VIEW).component("rows") or "{}")

    first, second = table["rows"][:2]
    assert [cell["text"] for cell in first["cells"][:2]] == ["Are all waits bounded?", "FAIL S1"]
    assert first["href"] == f"trace?trace={STUCK_TRACE}"
    assert first["cells"][2]["note"] == "Give each wait a timeout."
    assert second["href"] == "traces?agent=planner"


def test_many_agents_are_shown_when_asked_for(api: FakeApi, show: Show) -> None:
    api.mood = "big"

    shown = show(VIEW)

    assert shown.html.count("dd-section") == 10
    assert [toggle.label for toggle in shown.test.toggle] == ["Show every agent"]


def test_a_pass_is_green_and_what_is_unknown_is_quiet() -> None:
    table = answers_table(checked(1).items[0])

    assert [row.tone for row in table.rows] == ["good", "quiet", "quiet", "quiet", "quiet"]
