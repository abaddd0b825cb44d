from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.findings.filters import Filters
from analytics.findings.ledger import FindingLedger
from analytics.state.cursor import CursorError
from tests.analytics.findings.builders import ENDED, at, finding, opened


@pytest.fixture
def ledger(engine: Engine) -> FindingLedger:
    """Five findings, each opened two looks after the one before; the first is resolved at look 3."""
    ledger = FindingLedger(engine, [])
    opened(ledger, finding("f0", detector="d0", severity="S1", agents=["planner", "coder"]), look=0)
    ledger.reconcile("d0", [], at(3), {("shop", "f0"): ENDED})
    opened(
        ledger,
        finding("f1", detector="d1", grade="confirmed", agents=["writer"], trace_ids=["aa", "bb"]),
        look=2,
    )
    opened(ledger, finding("f2", detector="d2", agents=["coder", "coder"]), look=4)
    opened(ledger, finding("f3", detector="d3", agents=["100% coder_"]), look=6)
    opened(ledger, finding("f4", detector="d4", agents=["CODER"], trace_ids=[]), look=8)
    return ledger


def listed(ledger: FindingLedger, **filters: Any) -> list[str]:
    return [shown.fingerprint for shown in ledger.list("shop", Filters(**filters)).items]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({}, ["f4", "f3", "f2", "f1", "f0"], id="all, newest first"),
        pytest.param({"detector": "d2"}, ["f2"], id="detector"),
        pytest.param({"state": "resolved"}, ["f0"], id="state"),
        pytest.param({"severity": "S1"}, ["f0"], id="severity"),
        pytest.param({"grade": "confirmed"}, ["f1"], id="grade"),
        pytest.param({"agent": "coder"}, ["f2", "f0"], id="agent, exactly"),
        pytest.param({"agent": "100% coder_"}, ["f3"], id="agent with the signs of a pattern"),
        pytest.param({"agent": "%"}, [], id="a pattern is no agent"),
        pytest.param({"agent": "x' OR 1=1 --"}, [], id="a statement is no agent"),
        pytest.param({"agent": "\x00\ud800"}, [], id="what no database takes"),
        pytest.param({"trace_id": "bb"}, ["f1"], id="any trace of it"),
        pytest.param({"agent": "coder", "state": "open"}, ["f2"], id="two at once"),
        pytest.param({"seen_from": at(9)}, ["f4"], id="seen at or after"),
        pytest.param({"seen_to": at(2)}, ["f0"], id="seen before"),
        pytest.param({"seen_from": at(2), "seen_to": at(5)}, ["f2", "f1"], id="seen between"),
    ],
)
def test_a_filter_lets_through_what_it_says(
    ledger: FindingLedger, filters: dict[str, Any], expected: list[str]
) -> None:
    assert listed(ledger, **filters) == expected


def test_what_a_finding_is_about_follows_what_it_says_now(ledger: FindingLedger) -> None:
    ledger.reconcile("d2", [finding("f2", detector="d2", agents=["tester"])], at(9))

    assert listed(ledger, agent="tester") == ["f2"]
    assert listed(ledger, agent="coder") == ["f0"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_pages_of_any_size_make_the_whole_list(ledger: FindingLedger, limit: int) -> None:
    page = ledger.list("shop", limit=limit)
    pages = [page.items]
    while page.next is not None:
        page = ledger.list("shop", limit=limit, cursor=page.next)
        pages.append(page.items)

    assert [shown for items in pages for shown in items] == ledger.list("shop").items
    assert {len(items) for items in pages[:-1]} <= {limit}


def test_findings_of_one_moment_are_all_listed_once(engine: Engine) -> None:
    ledger = FindingLedger(engine, [])
    opened(ledger, *(finding(f"f{n}") for n in range(7)))
    first = ledger.list("shop", limit=3)
    second = ledger.list("shop", limit=3, cursor=first.next)
    third = ledger.list("shop", limit=3, cursor=second.next)

    shown = [*first.items, *second.items, *third.items]
    assert sorted(each.fingerprint for each in shown) == [f"f{n}" for n in range(7)]
    assert third.next is None


def test_what_opens_between_two_pages_does_not_shift_them(ledger: FindingLedger) -> None:
    first = ledger.list("shop", limit=2)
    opened(ledger, finding("f5", detector="d5"), look=20)

    second = ledger.list("shop", limit=2, cursor=first.next)

    assert [shown.fingerprint for shown in second.items] == ["f2", "f1"]


def test_a_microsecond_decides_what_is_newer(engine: Engine) -> None:
    ledger = FindingLedger(engine, [])
    for n, fingerprint in enumerate(["older", "newer"]):
        start: datetime = at(0) + timedelta(microseconds=n)
        ledger.reconcile(fingerprint, [finding(fingerprint, detector=fingerprint)], start)
        ledger.reconcile(fingerprint, [finding(fingerprint, detector=fingerprint)], at(1))

    assert listed(ledger) == ["newer", "older"]


def test_a_cursor_of_nobody_is_refused(ledger: FindingLedger) -> None:
    with pytest.raises(CursorError):
        ledger.list("shop", cursor="nonsense")


@pytest.mark.parametrize("finding_id", ["", "unknown", "\x00", "\ud800"])
def test_an_unknown_id_is_nothing(ledger: FindingLedger, finding_id: str) -> None:
    assert ledger.get("shop", finding_id) is None
