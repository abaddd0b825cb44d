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


def test_a_deadlock_stands_above_what_is_stuck(api: FakeApi, show: Show) -> None:
    api.scene = "ring"

    text = show(VIEW).text

    assert text.startswith("1 deadlock, 2 stuck. 8 spans are open in all.")
    assert text.index("wait for each other in a ring") < text.index("tester is stuck in run_tests")


def test_nothing_open_tells_of_the_longest_trace_of_late(api: FakeApi, show: Show) -> None:
    api.mood = "calm"

    text = show(VIEW).text

    assert "Nothing is open right now. The longest trace of the newest 200 traces took 13m 10s" in text
    assert "Work appears here while it runs" in text
