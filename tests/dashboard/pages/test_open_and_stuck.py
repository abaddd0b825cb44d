import json

from tests.dashboard import fleet
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.pages.test_every_page import Show

VIEW = "views/open_spans.py"


def test_the_stuck_stand_on_top_with_their_advice(show: Show) -> None:
    text = show(VIEW).text

    assert text.startswith("2 stuck. 8 spans are open in all. tester is stuck in run_tests")
    assert "Next: Look at what writer does" in text


def test_open_spans_are_listed_oldest_first(show: Show) -> None:
    rows = json.loads(show(VIEW).component("rows"))["rows"]

    assert [row["cells"][0]["text"] for row in rows[:3]] == ["release 2.4", "invoke_agent coder", "run_tests"]
    assert rows[2]["id"] == f"{fleet.STUCK_TRACE}/{fleet.STUCK_SPAN}"


def test_more_than_a_page_is_said_to_be_more(api: FakeApi, show: Show) -> None:
    api.mood = "big"

    text = show(VIEW).text

    assert "200+ spans are open in all." in text
    assert "The 200 oldest are listed; there are more." in text
