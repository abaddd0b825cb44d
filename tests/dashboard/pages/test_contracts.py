"""The page of contracts: what is broken, kept and still learned, and where rows lead."""

import json
from collections.abc import Callable

from tests.dashboard.contracted import LOOK_UP, REFUND
from tests.dashboard.fake_api import FakeApi
from tests.dashboard.fleet import STUCK_SPAN, STUCK_TRACE
from tests.dashboard.pages.conftest import Shown

Show = Callable[..., Shown]
VIEW = "views/contracts.py"


def test_what_breaks_a_contract_is_the_news(show: Show) -> None:
    shown = show(VIEW)

    assert (
        "5 calls broke a contract in the last hour: arguments of billing's issue_refund and result of"
        " planner's look_up. 1 boundary kept theirs, 1 not learned yet." in shown.text
    )
    assert "dd-broken" in shown.html


def test_rows_say_whose_contract_it_is_and_lead_to_the_boundary(show: Show) -> None:
    table = json.loads(show(VIEW).component("rows") or "{}")

    first, second = table["rows"]
    assert [cell["text"] for cell in first["cells"][:4]] == [
        "arguments of billing's issue_refund",
        "in the settings",
        "98.7 %",
        "4",
    ]
    assert first["href"] == f"contracts?id={REFUND}"
    assert (first["tone"], second["tone"]) == ("broken", "failed")


def test_a_boundary_says_path_expected_and_got_and_leads_to_an_example(show: Show) -> None:
    shown = show(VIEW, id=REFUND)

    table = json.loads(shown.component("rows") or "{}")
    assert "Arguments of billing's issue_refund: 4 breaks in 310 calls of the last hour." in shown.text
    assert [cell["text"] for cell in table["rows"][0]["cells"][:4]] == ["$.amount", "number", '"12,50"', "3"]
    assert table["rows"][0]["href"] == f"trace?trace={STUCK_TRACE}&span={STUCK_SPAN}"
    assert '"required"' in shown.test.code[0].value
    assert "usual now" in shown.text


def test_a_boundary_that_is_not_known_is_said_and_the_others_are_shown(show: Show) -> None:
    shown = show(VIEW, id="f" * 32)

    assert "The link points at a boundary of which no call was seen in the last hour." in shown.text
    assert "5 calls broke a contract" in shown.text


def test_a_schema_that_attacks_is_code(api: FakeApi, show: Show) -> None:
    api.mood = "hostile"

    shown = show(VIEW, id=LOOK_UP)

    assert "evil.invalid" in shown.test.code[0].value
    assert "<img" not in shown.html
