"""The page of drift: what is watched, what drifts, why it is said, and the way to accept it."""

import json
from collections.abc import Callable
from typing import Any

from tests.dashboard.drifting import CALM, LEARNING, POOL, SAID, SILENT, SLOW, TOOLS, WANTING
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.fleet import FAILED_TRACE, STUCK_TRACE
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.pages.conftest import Shown

Show = Callable[..., Shown]
VIEW = "views/drift.py"


def charts(shown: Shown) -> list[dict[str, Any]]:
    return [json.loads(each.proto.spec) for each in shown.test.get("vega_lite_chart")]


def drawn(shown: Shown) -> list[str]:
    """The words in the data of each chart."""
    found = [each.proto.datasets for each in shown.test.get("vega_lite_chart")]
    return ["".join(str(one.data.data) for one in datasets) for datasets in found]


def test_what_drifts_is_the_news_with_the_price_of_watching(show: Show) -> None:
    shown = show(VIEW)

    assert (
        "2 series drift: duration of coder, chat gpt-5 and tool of planner, execute_tool."
        " 3 series watched, 1 warming up, 1 quiet."
        " Budget: at most one false drift alarm a month, over all of them." in shown.text
    )
    assert "dd-attention" in shown.html


def test_rows_say_the_effect_how_near_and_since_when_and_lead_to_the_series(show: Show) -> None:
    table = json.loads(show(VIEW).component("rows") or "{}")

    first, second = table["rows"]
    assert [cell["text"] for cell in first["cells"]] == [
        "duration of coder, chat gpt-5",
        "the median went from 496 ms to 753 ms (+52 %, between +41 and +62 %)",
        "150 %",
        "2,412",
        "2 days ago",
    ]
    assert first["href"] == f"drift?series={SLOW}"
    assert second["id"] == TOOLS


def test_a_state_and_a_word_narrow_the_list(show: Show) -> None:
    table = json.loads(show(VIEW, state="warming up", q="tester").component("rows") or "{}")

    assert [row["cells"][1]["text"] for row in table["rows"]] == [f"Needs {WANTING}."]
    assert "No series matches." in show(VIEW, q="nobody").text


def test_a_series_says_what_since_when_after_what_and_how_surely(show: Show) -> None:
    shown = show(VIEW, series=SLOW)

    assert (
        "Duration of coder, chat gpt-5 in production: the median went from 496 ms to 753 ms"
        " (+52 %, between +41 and +62 %). Since 21 Nov 12:00 UTC, told 1 day ago."
        " Nearest known change: new prompt of coder (2 sentences added, 1 removed), 1 h before it began."
        in shown.text
    )
    assert "between 21 Nov 10:00 UTC and 21 Nov 13:00 UTC" in shown.text
    assert "with probability 66.0 %; no change would be 50 %" in shown.text
    assert "It is what each does, alike by version and tools. By version +38 % (± 2 %) by what" in shown.text
    assert "by tools +36 % (± 2 %) by what each does, +1.2 % (± 1.3 %) by another mix of" in shown.text
    assert "An alarm takes 1.5 million times" in shown.text
    assert "median 496 ms 753 ms +257 ms +206 ms and +308 ms" in shown.text
    assert "deployment v15 of coder reported 21 Nov 10:00 UTC new system prompt" in shown.text
    assert "the planner asks for longer answers" in shown.text


def test_what_is_watched_together_says_which_series_moved_and_what_part_each_has(show: Show) -> None:
    shown = show(VIEW, series=POOL)

    assert (
        "It is what each does, by series. By series +21.6 points (± 2.50 points) by what each does,"
        " -0.10 points (± 0.40 points) by another mix of them." in shown.text
    )
    assert "coder execute_tool search 131 79 % +13.1 points -0.03 points" in shown.text


def test_a_series_is_drawn_with_what_is_usual_and_its_marks(show: Show) -> None:
    shown = show(VIEW, series=SLOW)

    course, values, evidence = charts(shown)
    for field in ("usual_low", "usual_p95", "p95", "p50", "first"):
        assert field in json.dumps(course)
    for name in ("deployment v15 of coder", "tool browse of coder", "began"):
        assert name in drawn(shown)[0]
    assert "10^" in json.dumps(evidence)
    assert values["encoding"]["color"]["scale"]["domain"] == ["before", "since"]


def test_categories_are_drawn_as_shares(show: Show) -> None:
    shown = show(VIEW, series=TOOLS)

    assert (
        "Tool of planner, execute_tool in production: “browse” went from 12 % to 34 % of calls." in shown.text
    )
    assert "browse 12.0 % 34.0 % +22.0 points +18.0 points and +26.0 points" in shown.text
    assert "as an AI 0.1 % 5.0 %" in shown.text
    assert '"usual"' in json.dumps(charts(shown)[0])


def test_what_answers_say_is_told_in_words_with_a_piece_of_one(show: Show) -> None:
    shown = show(VIEW, series=SAID)

    (evidence,) = charts(shown)
    assert (
        "Text content of coder, chat gpt-5 in production: other words: “sorry” went from 0.1 % to 6 %"
        " of answers." in shown.text
    )
    assert "sorry 0.1 % 6.0 % …I'm sorry, but I can't help with that request." in shown.text
    assert "certainly 20.0 % 2.0 %" in shown.text
    assert "answers were read. What answers say has no level to draw" in shown.text
    assert "what moved" not in shown.text
    assert "10^" in json.dumps(evidence)


def test_sample_traces_are_links(show: Show) -> None:
    links = [each.proto for each in show(VIEW, series=SLOW).test.get("page_link")]

    assert [link.label for link in links] == ["Trace 1", "Trace 2", "Trace 1"]
    for link, trace_id in zip(links, (STUCK_TRACE, "cd" * 16, FAILED_TRACE), strict=True):
        assert trace_id in str(link)
    assert all(link.page == "trace" for link in links)


def test_series_that_do_not_drift_say_how_they_stand(show: Show) -> None:
    assert "Output tokens of writer, chat gpt-5 in production is as usual." in show(VIEW, series=CALM).text
    assert f"is warming up. It needs {WANTING}." in show(VIEW, series=LEARNING).text
    silent = show(VIEW, series=SILENT)
    assert "sends nothing any more." in silent.text
    assert "Nothing was counted of it in this time." in silent.text
    assert not silent.test.button or "Accept" not in str([each.label for each in silent.test.button])


def accept(shown: Shown, reason: str, key: str = "") -> Shown:
    shown.test.text_area[0].input(reason)
    name, shown_key = shown.test.text_input
    name.input("ann")
    shown_key.input(key)
    button = next(each for each in shown.test.button if each.label == "Accept as the new normal")
    return Shown(button.click().run())


def test_a_drift_is_accepted_with_a_reason(api: FakeApi, show: Show) -> None:
    shown = accept(show(VIEW, series=SLOW), "the new model is slower")

    ((series, wanted),) = api.accepted
    assert (series, wanted.note, wanted.by) == (SLOW, "the new model is slower", "ann")
    assert "Accepted. The alarm ends with the next look" in shown.text


def test_a_drift_is_not_accepted_without_a_reason(api: FakeApi, show: Show) -> None:
    shown = accept(show(VIEW, series=SLOW), "  ")

    assert api.accepted == []
    assert "Say why" in shown.text


def test_who_may_not_accept_is_told_so_and_their_key_is_what_counts(api: FakeApi, show: Show) -> None:
    api.key_needed = "pk_1"

    refused = accept(show(VIEW, series=SLOW), "because")

    assert "It was not accepted. The API refused" in refused.text
    assert api.accepted == []
    accept(refused, "because", key="pk_1")
    assert len(api.accepted) == 1


def test_a_series_that_is_not_known_is_said_and_the_others_are_shown(show: Show) -> None:
    for series in ("f" * 16, "../x", HOSTILE):
        shown = show(VIEW, series=series)

        assert "The link points at a series that is not known." in shown.text
        assert "2 series drift" in shown.text


def test_a_series_that_attacks_stays_text(api: FakeApi, show: Show) -> None:
    api.mood = "hostile"
    for series in (SLOW, TOOLS, LEARNING, SAID):
        shown = show(VIEW, series=series)

        assert "evil.invalid" in shown.text
        assert "<img" not in shown.html
        assert "<script" not in shown.html
        assert not [each for each in shown.test.markdown if "evil" in each.value]
        assert not [each for each in shown.test.get("page_link") if "evil" in each.proto.label]
