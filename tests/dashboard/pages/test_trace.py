import json

import pytest

from dashboard.presentation.waterfall import ERROR
from tests.dashboard import fleet
from tests.dashboard.big_trace import BIG_TRACE
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.pages.conftest import Shown
from tests.dashboard.pages.test_every_page import TRACE, Show

VIEW = "views/trace.py"


def test_a_link_to_a_span_shows_the_trace_at_that_span(show: Show) -> None:
    shown = show(VIEW, **TRACE)

    assert shown.text.startswith("release 2.4 open 4bf92f3577b34da6a3ce929d0e0e4736 Duration 13m 10s so far")
    assert "Duration 12m 04s so far Waiting for writer Agent tester" in shown.text
    assert json.loads(shown.component("waterfall"))["selected"] == fleet.STUCK_SPAN


def test_the_trace_s_finding_stands_above_it(show: Show) -> None:
    assert "tester is stuck in run_tests" in show(VIEW, **TRACE).text


def test_what_was_found_of_a_span_stands_beside_it(show: Show) -> None:
    text = show(VIEW, **TRACE).text

    assert "S2 serious since 13:53:11 UTC, 10 min ago Next: Look at what writer does" in text


def test_errors_and_open_spans_are_marked(show: Show) -> None:
    flags = json.loads(show(VIEW, **TRACE).component("waterfall"))["flags"]

    assert sum(flag & ERROR for flag in flags) == 1


def test_an_unknown_span_is_a_note_and_the_trace_is_still_shown(show: Show) -> None:
    shown = show(VIEW, trace=fleet.STUCK_TRACE, span="00000000000000ff")

    assert "The link points at span 00000000000000ff, which is not in this trace." in shown.text
    assert shown.component("waterfall")


def test_a_part_of_a_trace_says_how_much_it_is(show: Show) -> None:
    assert "Showing 10,000 of 48,112 spans" in show(VIEW, trace=BIG_TRACE).text


@pytest.mark.parametrize("trace_id", ["zzz", HOSTILE, "4BF92F3577B34DA6A3CE929D0E0E4736", "../stats"])
def test_a_trace_id_that_is_none_is_never_sent(api: FakeApi, show: Show, trace_id: str) -> None:
    shown = show(VIEW, trace=trace_id)

    assert "A trace id has 32 hexadecimal digits; the one in this link has not." in shown.text
    assert not [asked for asked in api.asked if asked.startswith("/traces/")]


def test_without_a_trace_it_says_how_to_get_one(show: Show) -> None:
    assert "Choose a trace from the list, or open a link to one." in show(VIEW).text


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Attributes", "attempts int 3 gen_ai.agent.name tester gen_ai.tool.name run_tests"),
        ("Attributes", "The sender left out 2 attributes, by its own limits."),
        ("Attributes", "Where it was recorded service.name fleet service.version v14 schema https://open"),
        ("Attributes", "By opentelemetry.instrumentation.openai_agents 0.5.1 team release"),
        ("Events", "queued +0 µs queue tests position 3 The sender left out 1 event, by its own limits."),
        ("Links", f"{fleet.FAILED_TRACE} {fleet.FAILED_SPAN} reason retry of trace state vendor=80"),
    ],
)
def test_each_tab_shows_its_part_of_the_span(show: Show, tab: str, said: str) -> None:
    test = show(VIEW, **TRACE).test
    test.session_state["span_tab"] = tab

    assert said in Shown(test.run()).text


def test_content_is_laid_out(show: Show) -> None:
    test = show(VIEW, **TRACE).test
    test.session_state["span_tab"] = "Content"
    shown = Shown(test.run())

    assert '"content": "Run the tests of module billing."' in shown.test.code[0].value
    assert "Output None was recorded." in shown.text


def test_raw_is_what_the_api_gave(show: Show) -> None:
    test = show(VIEW, **TRACE).test
    test.session_state["span_tab"] = "Raw"

    assert json.loads(test.run().code[0].value)["span_id"] == fleet.STUCK_SPAN


def test_a_span_that_was_stuck_says_why_it_is_no_more(show: Show) -> None:
    text = show(VIEW, trace=fleet.FAILED_TRACE, span="00000000000000b4").text

    assert "Resolved: The span ended." in text


def test_a_trace_that_failed_shows_where_it_may_have_gone_wrong(api: FakeApi, show: Show) -> None:
    text = show(VIEW, trace=fleet.FAILED_TRACE).text

    assert "Where it may have gone wrong By structure and words alone" in text
    assert "1 researcher chat claude-sonnet confirmed Hard error: what it asked for failed" in text
    assert (
        "What came of it: researcher's answer went to planner (4.2 M users, INV-7731), and stands in the "
        "trace's answer. A check of what researcher hands to planner could have stopped it." in text
    )
    assert "3 researcher invoke_agent researcher no evidence First worker" in text
    assert "What is wrong and looks normal is not seen." in text


@pytest.mark.parametrize(
    ("key", "span_id"), [("suspect_span_1", 0xB2), ("suspect_goal_1", 0xB0), ("suspect_span_2", 0xB5)]
)
def test_a_suspect_leads_to_its_span_and_to_where_it_came_to(show: Show, key: str, span_id: int) -> None:
    shown = show(VIEW, trace=fleet.FAILED_TRACE)

    shown.test.button(key=key).click().run()

    assert json.loads(shown.component("waterfall"))["selected"] == f"{span_id:016x}"
    assert not [button for button in shown.test.button if button.key == key]


def test_of_another_trace_it_is_looked_for_when_asked(api: FakeApi, show: Show) -> None:
    shown = show(VIEW, **TRACE)
    assert not [asked for asked in api.asked if asked.endswith("/suspects")]
    assert "It is not over yet" in shown.text

    look = next(button for button in shown.test.button if button.label == "Look for it")
    text = Shown(look.click().run()).text
    Shown(shown.test.run())

    assert "No content is captured of this trace" in text
    assert "1 planner invoke_agent planner no evidence" in text
    assert [asked for asked in api.asked if asked.endswith("/suspects")] == [
        f"/traces/{fleet.STUCK_TRACE}/suspects"
    ]


def test_suspects_that_cannot_be_had_take_nothing_else_away(api: FakeApi, show: Show) -> None:
    api.failing_paths = {f"/traces/{fleet.FAILED_TRACE}/suspects"}

    shown = show(VIEW, trace=fleet.FAILED_TRACE)

    assert "It could not be looked for. The API answers with an error (500)." in shown.text
    assert shown.component("waterfall")
    assert "dd-message" not in shown.html


def test_suspects_that_attack_stay_text(api: FakeApi, show: Show) -> None:
    api.mood = "hostile"

    shown = show(VIEW, trace=fleet.FAILED_TRACE)

    assert "What came of it" in shown.text
    assert "<img" not in shown.html
    assert "<script" not in shown.html
    assert not [each for each in shown.test.markdown if "evil" in each.value]
