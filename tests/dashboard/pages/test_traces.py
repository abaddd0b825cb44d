import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.dashboard.fake_api import FakeApi
from tests.dashboard.pages.conftest import Shown
from tests.dashboard.pages.test_every_page import Show

VIEW = "views/traces.py"
Rows = Callable[[Shown], list[str]]


def first_names(test: AppTest) -> list[str]:
    rows = json.loads(Shown(test).component("rows"))["rows"]
    return [row["cells"][0]["text"] for row in rows[:2]]


def test_filters_come_from_the_url_and_add_up(api: FakeApi, show: Show) -> None:
    test = show(VIEW, status="error", agent="coder", q="request").test

    assert test.text_input(key="traces_q").value == "request"
    assert test.selectbox(key="traces_agent").value == "coder"
    assert any("q=request&agent=coder&status=error" in asked for asked in api.asked)


def test_a_filter_set_on_the_page_goes_into_the_url_beside_the_others(show: Show) -> None:
    test = show(VIEW, status="ok", cursor="100").test
    test.text_input(key="traces_q").set_value("refund").run()

    assert test.query_params["q"] == "refund"
    assert test.query_params["status"] == "ok"
    assert "cursor" not in test.query_params


def test_a_status_that_is_none_is_ignored(api: FakeApi, show: Show) -> None:
    show(VIEW, status="<script>")

    assert not [asked for asked in api.asked if "status" in asked]


def test_older_traces_are_a_cursor_away_and_newest_a_step_back(show: Show) -> None:
    test = show(VIEW).test
    newest = first_names(test)
    test.button[0].click().run()
    assert test.query_params["cursor"] == "100"
    assert first_names(test) != newest

    test.button[0].click().run()
    assert "cursor" not in test.query_params
    assert first_names(test) == newest


def test_the_last_page_says_so(show: Show) -> None:
    assert "12 traces, the last of them, as of 14:03:11 UTC" in show(VIEW, cursor="200").text


def test_nothing_found_repeats_the_question_and_says_what_each_filter_hides(show: Show) -> None:
    shown = show(VIEW, status="error", q="zzz")

    assert "No trace matches status = failed, text = zzz in the last hour." in shown.text
    assert "status = failed: none match without it" in shown.text
    assert "text = zzz: 13 match without it" in shown.text


def test_a_filter_is_removed_where_it_is_named(show: Show) -> None:
    test = show(VIEW, status="error", q="zzz").test
    test.button(key="remove_q").click().run()

    assert "q" not in test.query_params
    assert test.query_params["status"] == "error"


def test_the_range_can_be_widened_where_nothing_is_found(api: FakeApi, show: Show) -> None:
    test = show(VIEW, q="zzz").test
    assert test.button(key="widen").label == "Widen to the last 6 hours"
    test.button(key="widen").click().run()

    assert "from=2026-11-23T08%3A03" in api.asked[-1]
