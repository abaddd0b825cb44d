import json

import pytest

from tests.dashboard.fake_api import FakeApi
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.pages.conftest import Shown, expire_all
from tests.dashboard.pages.test_every_page import Show
from tests.dashboard.waiting import OTHER_ID, PAST_ID, RING_ID, Scene, waits

VIEW = "views/deadlocks.py"


def names(shown: Shown, caption: str) -> list[list[str]]:
    """Return the first two cells of each row of a table."""
    tables = [json.loads(each.proto.json) for each in shown.test.get("bidi_component")]
    found = next(table for table in tables if table.get("caption") == caption)
    return [[cell["text"] for cell in row["cells"][:2]] for row in found["rows"]]


def test_a_ring_is_one_sentence_a_picture_and_its_hops(api: FakeApi, show: Show) -> None:
    api.scene = "ring"

    shown = show(VIEW)

    assert shown.text.startswith(
        "1 deadlock holds 7 agents. planner, coder, tester and writer wait for each other in a ring "
        "for 1m 33s, and 3 more wait behind them. None of them can go on until one wait is broken. "
        "S1 blocking confirmed"
    )
    assert json.loads(shown.component("picture"))["picture"]["columns"] == 6
    assert names(shown, "The ring, hop by hop") == [
        ["planner", "coder"],
        ["coder", "tester"],
        ["tester", "writer"],
        ["writer", "planner"],
    ]


def test_it_says_which_wait_to_break_what_next_and_who_waits_behind(api: FakeApi, show: Show) -> None:
    api.scene = "ring"

    text = show(VIEW).text

    assert (
        "Break this wait first tester waits for writer (docs). To break this wait costs least, and frees"
        in text
    )
    assert "Next Cancel the tester's wait for docs" in text
    assert (
        "Waiting behind it · 3 reviewer for coder, 1m 01s billing for planner, 12 s router for billing"
        in text
    )
    assert "1 other waiter outside of this ring." in text


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("bounded", "Bounded until 14:05:21 UTC, in 2 min, when coder gives up."),
        ("overdue", "coder should have given up at 14:02:51 UTC, and still waits."),
        ("locks", "coder and writer wait for each other in a ring over index and repo for 45 s."),
        ("pair", "1 deadlock holds 2 agents. coder and tester wait for each other in a ring for 31 s."),
        ("several", "2 deadlocks hold 10 agents. planner, coder"),
        (
            "calm",
            "No deadlock. 6 agents, 4 waits, the longest 3 s (planner), no ring. Who waits for whom is",
        ),
        ("none", "No deadlock. No open span says that it waits."),
        ("no look", "No deadlock is known. The first look at who waits for whom is still to come."),
        ("forming", "A ring may be closing: coder and tester. It is not certain, so it is not told."),
    ],
)
def test_every_scene_is_told(api: FakeApi, show: Show, scene: Scene, said: str) -> None:
    api.scene = scene

    assert said in show(VIEW).text


def test_where_nothing_reports_waits_it_says_how_in_three_lines(api: FakeApi, show: Show) -> None:
    api.scene = "none"

    code = show(VIEW).test.code[0].value

    assert len(code.strip().splitlines()) == 3
    assert 'waiting_for("coder"' in code


def test_a_deadlock_of_late_is_proof_that_waits_are_reported(
    api: FakeApi, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "waits", lambda: waits("none"))

    assert "Say who waits for whom" not in show(VIEW).text


def test_once_waits_were_seen_it_does_not_ask_for_them_again(api: FakeApi, show: Show) -> None:
    shown = show(VIEW)
    api.scene = "none"
    shown.test.session_state["waits_seen"] = True

    assert "Say who waits for whom" not in Shown(shown.test.run()).text


def test_the_whole_graph_can_be_seen_with_its_waits_as_a_table(api: FakeApi, show: Show) -> None:
    shown = show(VIEW)
    assert shown.component("picture") is None

    shown.test.toggle(key="every_wait").set_value(True).run()

    assert names(Shown(shown.test), "Waits, longest first")[0] == ["planner", "coder"]
    assert len(json.loads(Shown(shown.test).component("picture"))["picture"]["boxes"]) == 6


def test_too_many_for_a_picture_are_a_table_of_the_longest(api: FakeApi, show: Show) -> None:
    api.mood = "big"
    shown = show(VIEW)

    shown.test.toggle(key="every_wait").set_value(True).run()

    text = Shown(shown.test).text
    assert "These are too many for a picture." in text
    assert "The 200 longest of 10,000 are listed." in text
    assert Shown(shown.test).component("picture") is None


def test_of_several_the_one_in_the_link_is_drawn_and_the_others_listed(api: FakeApi, show: Show) -> None:
    api.scene = "several"
    assert names(show(VIEW), "Other deadlocks")[0][0] == "merchant, bank and courier"

    chosen = show(VIEW, id=OTHER_ID)

    assert "merchant, bank and courier wait for each other in a ring" in chosen.text
    assert names(chosen, "Other deadlocks")[0][0] == "planner, coder, tester and writer"


def test_one_that_is_over_is_shown_above_how_things_stand(api: FakeApi, show: Show) -> None:
    text = show(VIEW, id=PAST_ID).text

    assert text.startswith("coder and tester wait for each other in a ring")
    assert "Resolved: coder's wait for tester timed out after 2m 00s." in text
    assert "No deadlock. 6 agents" in text


def test_what_is_over_leads_to_its_span_and_not_to_a_ring(show: Show) -> None:
    shown = show(VIEW, id=PAST_ID)

    labels = [link.proto.label for link in shown.test.get("page_link")]
    assert "Open the span" in labels
    assert "Open the ring" not in labels


@pytest.mark.parametrize("key", ["3d9a6f0c", "../stats", HOSTILE, "at-00000000000000f9"])
def test_a_link_to_one_that_is_not_known_is_a_note(api: FakeApi, show: Show, key: str) -> None:
    text = show(VIEW, id=key).text

    assert "The link points at a deadlock that is not known. This is how things stand now." in text
    assert not [asked for asked in api.asked if ".." in asked or "evil" in asked]


def test_a_ring_that_ends_by_itself_is_less_than_red(api: FakeApi, show: Show) -> None:
    api.scene = "bounded"
    assert '<span class="dd-lead dd-attention">1 deadlock' in show(VIEW).html

    api.scene = "ring"
    expire_all()

    assert '<span class="dd-lead dd-broken">1 deadlock' in show(VIEW).html


def test_a_link_to_the_ring_of_now_is_that_ring(api: FakeApi, show: Show) -> None:
    api.scene = "ring"

    assert "not known" not in show(VIEW, id=RING_ID).text


def test_past_ones_are_a_line_and_rows_that_say_how_they_ended(api: FakeApi, show: Show) -> None:
    shown = show(VIEW)

    assert "Past deadlocks in the last hour · 1" in shown.text
    assert "left:33.33%;width:3.33%" in shown.html
    assert names(shown, "Past deadlocks")[0][1] == "coder's wait for tester timed out after 2m 00s."


def test_a_finding_whose_ring_is_gone_is_not_lost(
    api: FakeApi, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.scene = "ring"
    monkeypatch.setattr(api, "waits", lambda: waits("calm"))

    text = show(VIEW).text

    assert "Not seen at the last look planner, coder, tester and writer" in text
