import json

import pytest

from tests.dashboard.fake_api import FakeApi, Mood
from tests.dashboard.pages.conftest import Shown, expire_all
from tests.dashboard.pages.test_every_page import Show
from tests.dashboard.waiting import Scene

VIEW = "views/overview.py"


def test_it_begins_with_one_sentence(show: Show) -> None:
    assert "tester and researcher are stuck. 8 spans are open, the longest for 13m 10s" in show(VIEW).text


def test_what_needs_attention_says_what_since_who_and_next(show: Show) -> None:
    text = show(VIEW).text

    assert "Needs attention · 2 tester is stuck in run_tests: open for 12m 04s" in text
    assert "S2 serious probable tester, coder and planner · since 13:53:11 UTC, 10 min ago" in text
    assert "Next: Look at what writer does" in text
    assert text.index("tester is stuck") < text.index("researcher has stopped")


def test_a_deadlock_stands_first_and_leads_to_its_ring(api: FakeApi, show: Show) -> None:
    api.scene = "ring"

    text = show(VIEW).text

    assert "1 deadlock holds 4 agents. tester and researcher are stuck." in text
    assert "Needs attention · 3 planner, coder, tester and writer wait for each other in a ring" in text
    assert "S1 blocking confirmed planner, coder, tester and 1 more · since 14:01:37 UTC" in text


def test_evidence_opens_where_the_finding_stands(show: Show) -> None:
    shown = show(VIEW)
    shown.test.toggle[0].set_value(True).run()

    assert "idle 11m 40s" in Shown(shown.test).text
    assert json.loads(shown.test.code[0].value)["id"] == "018f-stuck-tester"


def test_what_was_resolved_stays_for_the_chosen_range_and_says_why(show: Show) -> None:
    text = show(VIEW).text

    assert "Resolved in the last hour · 2 coder was stuck in apply_patch" in text
    assert "resolved 33 min ago · The span ended." in text


@pytest.mark.parametrize(
    "view", [VIEW, "views/traces.py", "views/open_spans.py", "views/deadlocks.py", "views/trace.py"]
)
def test_demo_data_cannot_be_taken_for_one_s_own(api: FakeApi, show: Show, view: str) -> None:
    api.mood = "demo"

    assert show(view).text.startswith("Demo data. These agents are a scripted fleet, not yours.")


def test_calm_is_shown_with_the_last_look(api: FakeApi, show: Show) -> None:
    api.mood = "calm"

    text = show(VIEW).text

    assert text.startswith("Nothing is stuck. No span is open.")
    assert "Nothing needs attention. Last look: stuck span just now." in text


def test_the_empty_state_turns_into_the_overview_by_itself(api: FakeApi, show: Show) -> None:
    api.mood = "empty"
    shown = show(VIEW)
    assert "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318" in shown.test.code[0].value
    assert "Listening, last checked just now" in shown.text
    api.mood = "normal"
    expire_all()
    text = Shown(shown.test.run()).text

    assert text.startswith("First span received from")
    assert "are stuck." in text


@pytest.mark.parametrize(
    ("mood", "scene", "title"),
    [
        ("normal", "calm", "Open & stuck · 2"),
        ("calm", "calm", "Open & stuck"),
        ("calm", "calm", "Deadlocks"),
        ("normal", "ring", "Deadlocks · 1"),
    ],
)
def test_the_navigation_counts_what_is_wrong(
    api: FakeApi, show: Show, mood: Mood, scene: Scene, title: str
) -> None:
    api.mood, api.scene = mood, scene

    pages = show(VIEW).test._registered_pages.values()

    assert title in {page["page_name"] for page in pages} | {str(page.get("title")) for page in pages}


def test_one_environment_leaves_the_others_out(api: FakeApi, show: Show) -> None:
    shown = show(VIEW, environment="staging")

    assert any("environment=staging" in asked for asked in api.asked)
    assert "Findings of every environment are listed." in shown.text
