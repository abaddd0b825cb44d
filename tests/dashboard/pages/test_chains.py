import json
from typing import Any

import pytest

from tests.dashboard.failing import BIG, LOOKUP, MODEL, PARSE, PATCH, PAY, chain
from tests.dashboard.failing import chains as scene
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.pages.conftest import Shown, expire_all
from tests.dashboard.pages.test_every_page import Show

VIEW = "views/chains.py"


def tables(shown: Shown) -> dict[str, Any]:
    found = [json.loads(each.proto.json) for each in shown.test.get("bidi_component")]
    return {table["caption"]: table["rows"] for table in found if "caption" in table}


def ids(shown: Shown, caption: str) -> list[str]:
    return [row["id"] for row in tables(shown)[caption]]


def test_what_failed_traces_what_is_expected_and_what_was_contained_stand_apart(
    api: FakeApi, show: Show
) -> None:
    api.errors = "failing"

    shown = show(VIEW)

    assert shown.text.startswith(
        "2 error chains failed traces 14 times in the last hour. "
        "1 error is outlived by most traces. 3 errors failed no trace. Failed traces · 2"
    )
    assert ids(shown, "Failed traces") == [PAY, MODEL]
    assert len(ids(shown, "Outlived by most traces")) == 1
    assert ids(shown, "Failed no trace") == [LOOKUP, PATCH, PARSE]
    assert len(json.loads(shown.component("picture"))["picture"]["boxes"]) == 7
    assert "By structure and status alone" in shown.text


def test_it_is_red_while_a_finding_is_open(api: FakeApi, show: Show) -> None:
    assert '<span class="dd-lead dd-attention">2 error' in show(VIEW).html

    api.errors = "failing"
    expire_all()

    assert '<span class="dd-lead dd-broken">2 error' in show(VIEW).html


def test_the_range_and_the_environment_are_asked_for(api: FakeApi, show: Show) -> None:
    show(VIEW, range="6h", environment="staging")

    asked = next(one for one in api.asked if one.startswith("/chains"))
    assert asked.startswith("/chains?from=2026-11-23T08%3A03%3A11")
    assert asked.endswith("&environment=staging")


def test_errors_that_stayed_where_they_began_are_listed_without_a_picture(api: FakeApi, show: Show) -> None:
    api.errors = "stayed"

    shown = show(VIEW)

    assert shown.text.startswith("No failure crossed from one agent to another in the last hour. 2 errors")
    assert shown.component("picture") is None
    assert ids(shown, "Failed no trace") == [PATCH, PARSE]


def test_where_nothing_failed_a_longer_range_is_offered(api: FakeApi, show: Show) -> None:
    api.errors = "none"

    shown = show(VIEW, range="24h")
    shown.test.button(key="widen").click().run()

    assert "No error in the last 7 days." in Shown(shown.test).text


def test_many_that_failed_no_trace_are_shown_when_asked_for(
    api: FakeApi, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [chain(f"{place:032x}", ("coder",), call="x", error_type="E", traces=1) for place in range(9)]
    answer = scene("none").model_copy(update={"items": many, "total": 9})
    monkeypatch.setattr(api, "chains", lambda: answer)
    shown = show(VIEW)
    assert (len(ids(shown, "Failed no trace")), "Failed no trace · 9" in shown.text) == (5, True)

    shown.test.toggle(key="all_outlived").set_value(True).run()

    assert len(ids(Shown(shown.test), "Failed no trace")) == 9


def test_too_many_for_a_picture_are_a_table_of_those_that_failed_most(api: FakeApi, show: Show) -> None:
    api.mood = "big"

    text = show(VIEW).text

    assert text.startswith("200+ error chains failed traces")
    assert "Errors went through too many agents for a picture." in text
    assert f"The 200 that failed most traces are shown, of {BIG:,}." in text


def test_what_sets_failing_traces_apart_stands_below_them(show: Show) -> None:
    shown = show(VIEW)

    assert "Failing against passing It says what goes together, not what causes what" in shown.text
    assert "ship order · 14 failing against 1,204 passing traces" in shown.text
    assert "nightly index · 11 failing against 48 passing traces No agent, tool, model, version" in shown.text
    assert "Too few to compare, for it takes 10 failing and 30 passing: answer ticket: 4" in shown.text
    assert len(tables(shown)["What goes with failing of ship order"]) == 3


def test_where_no_trace_failed_nothing_is_compared(api: FakeApi, show: Show) -> None:
    api.errors = "stayed"

    assert "Failing against passing" not in show(VIEW).text


def test_a_comparison_that_cannot_be_had_takes_nothing_else_away(api: FakeApi, show: Show) -> None:
    api.failing_paths = {"/root-causes"}

    shown = show(VIEW)

    assert "They could not be compared. The API answers with an error (500)." in shown.text
    assert ids(shown, "Failed traces") == [PAY, MODEL]
    assert "dd-message" not in shown.html


def test_one_chain_is_a_sentence_a_picture_what_to_do_and_its_hops(api: FakeApi, show: Show) -> None:
    api.errors = "failing"

    shown = show(VIEW, id=PAY)

    assert shown.text.startswith(
        "TimeoutError in buyer's pay failed 12 traces in the last hour. It went from buyer over lead to ship "
        "order. S2 serious confirmed buyer, lead and ship order · since 13:13:21 UTC"
    )
    assert "Where it began payment gateway: no answer within 30 s Next Begin at span" in shown.text
    assert (
        "How it came out failed 12 of 12 traces reached 7 users, 9 sessions given up for it 4" in shown.text
    )
    assert len(tables(shown)["The error, hop by hop"]) == 4
    assert "Traces with it · 3 of 12" in shown.text
    assert json.loads(shown.component("picture"))["picture"]["columns"] == 3


def test_one_without_a_finding_has_no_advice(api: FakeApi, show: Show) -> None:
    api.errors = "failing"

    text = show(VIEW, id=LOOKUP).text

    assert text.startswith("TimeoutError in buyer's pay failed no trace in the last hour. It went from buyer")
    assert "Next" not in text
    assert "contained 2 traces, by lead" in text


def test_one_that_never_left_its_agent_has_no_picture(show: Show) -> None:
    assert show(VIEW, id=PATCH).component("picture") is None


def test_an_error_without_a_message_says_so(show: Show) -> None:
    assert "Where it began It says no more than its type." in show(VIEW, id=PATCH).text


@pytest.mark.parametrize("key", ["a" * 32, "../stats", HOSTILE, "018f-chain-pay"])
def test_a_link_to_one_that_is_not_known_is_a_note_above_all_of_them(
    api: FakeApi, show: Show, key: str
) -> None:
    shown = show(VIEW, id=key)

    assert shown.text.startswith(
        "The link points at an error chain that is not known in the last hour. These are. 2 error chains"
    )
    assert [button.label for button in shown.test.button if button.key == "widen"] == [
        "Widen to the last 6 hours"
    ]
    assert not [asked for asked in api.asked if ".." in asked or "evil" in asked]


def test_one_chain_that_attacks_stays_text(api: FakeApi, show: Show) -> None:
    api.mood, api.errors = "hostile", "failing"

    shown = show(VIEW, id=PAY)

    assert "<img" not in shown.html
    assert "<script" not in shown.html
    assert not [each for each in shown.test.markdown if "evil" in each.value]
    assert "evil.invalid" in shown.html


def test_one_chain_of_an_api_that_fails_later_is_shown_as_it_was(api: FakeApi, show: Show) -> None:
    before = show(VIEW, id=PAY)
    expire_all()
    api.mood = "error"

    after = Shown(before.test.run())

    assert "The API answers with an error (500) since 14:03:1" in after.text
    assert "TimeoutError in buyer's pay failed 12 traces" in after.text


def test_the_overview_counts_it_and_its_finding_leads_to_the_chain(api: FakeApi, show: Show) -> None:
    api.mood, api.errors = "calm", "failing"

    shown = show("views/overview.py")

    assert shown.text.startswith("1 error chain fails traces. No span is open.")
    links = {link.proto.label: link.proto for link in shown.test.get("page_link")}
    assert links["Open the chain"].query_string == f"id={PAY}"


def test_the_navigation_and_the_tab_count_open_findings(api: FakeApi, show: Show) -> None:
    api.mood, api.errors = "calm", "failing"

    pages = show(VIEW).test._registered_pages.values()

    titles = {page["page_name"] for page in pages} | {str(page.get("title")) for page in pages}
    assert "Error chains · 1" in titles
