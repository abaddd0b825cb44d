"""What goes with failing among traces that were loaded for real."""

from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from analytics.api.root_causes import router
from analytics.contracts.user import UserContract
from analytics.period import Period
from analytics.rootcause import reader
from analytics.rootcause.question import Failing, Question, asked
from analytics.rootcause.reader import Comparison, compare, compare_roots
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.contracts.calls import Recorded
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled, chains_recorded
from tests.analytics.rows import NOW
from tests.builders import SECOND

ROOT = "invoke_workflow ship"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def order(*, fails: bool, express: bool, says: Any = None) -> list[Span]:
    """An order; express ones go to the courier, whose call may fail, by its status or by what it says."""
    talk = Conversation()
    with talk.turn("clerk") as clerk:
        talk.tool("look_up", {"n": 1}, "found", agent="clerk", parent=clerk)
        if express:
            with talk.turn("courier", parent=clerk) as courier:
                error = "TimeoutError" if fails and not says else None
                said = says if fails else "sent"
                talk.tool("dispatch", {"n": 1}, said, agent="courier", parent=courier, error=error)
    spans = talk.ended()
    if fails:
        spans[-1].status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message="no courier"))
    return spans


class Shop:
    """Orders that ask the courier and the bank, each through a tool; how long that takes varies a little."""

    def __init__(self) -> None:
        self._random = Random(11)

    def order(
        self, *, ago_s: float = 600, own_s: float = 0.2, wait_s: float = 0.05, bank: bool = True
    ) -> list[Span]:
        talk = Conversation(began_s_ago=ago_s)
        with talk.turn("clerk") as clerk:
            with talk.turn("", parent=clerk, operation="execute_tool") as asking:
                talk.pause(self._about(wait_s))
                with talk.turn("courier", parent=asking) as courier:
                    talk.tool("route", agent="courier", parent=courier, seconds=self._about(own_s))
            if bank:
                with talk.turn("bank", parent=clerk) as teller:
                    talk.tool("charge", agent="bank", parent=teller, seconds=self._about(0.2))
        return talk.ended()

    def _about(self, seconds: float) -> float:
        return seconds * self._random.uniform(0.9, 1.1)


def compared(store: Store, project: str = "default") -> Comparison:
    assembled(store)
    return compare(store, project, asked(Period(NOW - DAY, NOW + DAY)), ROOT)


def since(store: Store, failing: Failing = "later") -> Comparison:
    """Of the last hour, against the two before it."""
    assembled(store)
    period = Period(NOW - HOUR, NOW + HOUR)
    return compare(store, "default", Question(period, Period(NOW - 3 * HOUR, NOW - HOUR), failing), ROOT)


def said(found: Comparison) -> list[tuple[str, str, str]]:
    return [(cause.mark.sort, cause.mark.name, cause.mark.charged) for cause, _ in found.causes]


def test_the_failing_call_is_named_with_how_many_have_it(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    load(*(span for number in range(40) for span in order(fails=False, express=number < 8)))

    found = compared(store)

    assert (found.failing, found.passing) == (12, 40)
    first, *others = [cause for cause, _ in found.causes]
    assert (first.mark.sort, first.mark.name) == ("failing call", "dispatch: TimeoutError")
    assert (first.failing_with, first.passing_with) == (12, 0)
    assert {(one.mark.sort, one.mark.name) for one in others} <= {
        ("calls", "clerk → courier"), ("last call", "courier invoke_agent, by clerk invoke_agent"),
        ("tool", "dispatch"), ("agent", "courier"),
    }  # fmt: skip
    assert found.charges[0].who == "courier"


def test_a_call_whose_answer_says_that_it_failed_is_a_failing_call(store: Store, load: Any) -> None:
    says = {"error": "no courier is free"}
    load(*(span for _ in range(12) for span in order(fails=True, express=True, says=says)))
    load(*(span for _ in range(40) for span in order(fails=False, express=True)))

    assert said(compared(store))[0] == ("failing call", "dispatch: its answer says so", "courier")


def test_a_trace_that_is_too_large_by_itself_does_not_keep_out_the_others(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SPANS_MAX", 12 * 5)
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    newest = order(fails=True, express=True)
    for number in range(70):
        copy = Span()
        copy.CopyFrom(newest[0])
        copy.span_id = Random(number).randbytes(8)
        newest.append(copy)
    for span in newest:
        span.start_time_unix_nano += SECOND
        span.end_time_unix_nano += SECOND
    load(*newest)

    assert compared(store).failing == 12


def marked(found: Comparison, sort: str) -> list[tuple[str, str]]:
    """Return the marks of a sort among the causes, also those that others stand for."""
    marks = [mark for cause, _ in found.causes for mark in (cause.mark, *cause.alike)]
    return [(mark.name, mark.charged) for mark in marks if mark.sort == sort]


def test_an_error_is_named_by_where_it_began(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    load(*(span for _ in range(40) for span in order(fails=False, express=True)))
    assembled(store)
    chains_recorded(store)

    assert marked(compared(store), "error") == [("courier dispatch: TimeoutError", "courier")]


def test_a_broken_contract_is_charged_to_who_gave_what_breaks_it(store: Store, load: Any) -> None:
    for wrong, number in ((True, 12), (False, 40)):
        for _ in range(number):
            talk = Conversation()
            asked = '{"order": 1}' if wrong else '{"order": 1, "to": "Rome"}'
            with talk.turn("clerk") as clerk, talk.turn("courier", asked, parent=clerk) as courier:
                talk.tool("dispatch", {"n": "one" if wrong else 1}, "sent", agent="courier", parent=courier)
            spans = talk.ended()
            if wrong:
                spans[-1].status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR))
            load(*spans)
    schema = {"properties": {"n": {"type": "number"}}}
    of_tool = UserContract(schema=schema, tool="dispatch", side="input")
    of_agent = UserContract(schema={"required": ["to"]}, agent="courier", side="input")
    Recorded(store, of_tool, of_agent).run()

    assert marked(compared(store), "contract break") == [
        ("courier dispatch input $.n", "courier"), ("courier input $.to", "clerk")
    ]  # fmt: skip


def test_another_project_has_none(store: Store, load: Any) -> None:
    load(*order(fails=True, express=True))

    assert compared(store, "other").causes == []


def test_traces_that_fail_for_no_reason_in_common_name_none(store: Store, load: Any) -> None:
    for fails, number in ((True, 12), (False, 40)):
        spans = [span for _ in range(number) for span in order(fails=False, express=True)]
        if fails:
            for span in spans:
                if not span.parent_span_id:
                    span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR))
        load(*spans)

    found = compared(store)

    assert (found.causes, found.charges) == ([], [])


def test_what_takes_longer_by_itself_since_a_deployment_is_charged_to_who_does_it(
    store: Store, load: Any
) -> None:
    shop = Shop()
    load(*(span for _ in range(40) for span in shop.order(ago_s=6_000)))
    load(*(span for _ in range(40) for span in shop.order(own_s=0.8)))

    found = since(store)

    assert said(found) == [("slow call", "courier: route", "courier")]
    assert [charge.who for charge in found.charges] == ["courier"]


def test_the_wait_before_a_callee_starts_is_charged_to_the_callee(store: Store, load: Any) -> None:
    shop = Shop()
    load(*(span for _ in range(40) for span in shop.order(ago_s=6_000)))
    load(*(span for _ in range(40) for span in shop.order(wait_s=3.0)))

    found = since(store)

    assert said(found) == [("slow edge", "clerk → courier", "courier")]
    assert found.charges[0].who == "courier"


def test_a_call_that_is_not_made_any_more_is_charged_to_who_does_not_make_it(store: Store, load: Any) -> None:
    shop = Shop()
    load(*(span for _ in range(40) for span in shop.order(ago_s=6_000)))
    load(*(span for number in range(40) for span in shop.order(bank=number < 10)))

    found = since(store)

    assert ("missing call", "clerk invoke_agent → bank invoke_agent", "clerk") in said(found)
    (cause,) = [cause for cause, _ in found.causes if cause.mark.sort == "missing call"]
    assert (cause.failing_with, cause.passing_with) == (30, 0)


def test_that_nothing_changed_since_is_said_by_nothing(store: Store, load: Any) -> None:
    shop = Shop()
    for ago_s in (6_000, 600):
        load(*(span for _ in range(40) for span in shop.order(ago_s=ago_s)))

    found = since(store)

    assert (found.failing, found.passing, said(found)) == (40, 40, [])


def test_slow_are_traces_that_take_longer_than_they_did(store: Store, load: Any) -> None:
    shop = Shop()
    load(*(span for _ in range(40) for span in shop.order(ago_s=6_000)))
    load(*(span for number in range(60) for span in shop.order(own_s=0.8 if number < 20 else 0.2)))

    found = since(store, "slow")

    assert 20 <= found.failing < 30
    assert said(found)[0] == ("slow call", "courier: route", "courier")


def test_that_failing_traces_are_longer_is_said_beside_the_causes(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    load(*(span for _ in range(40) for span in order(fails=False, express=False)))

    assert compared(store).confounders == []

    long = [order(fails=True, express=True) for _ in range(30)]
    for spans in long:
        for _ in range(8):
            copy = Span()
            copy.CopyFrom(spans[0])
            copy.span_id = Random(str(len(spans)) + spans[0].trace_id.hex()).randbytes(8)
            spans.append(copy)
    load(*(span for spans in long for span in spans))

    assert compared(store).confounders == ["length: 13 spans at the median, against 3"]


def test_the_api_compares_the_roots_that_fail_and_says_it_in_words(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    load(*(span for _ in range(40) for span in order(fails=False, express=False)))
    assembled(store)
    client = TestClient(application(router(partial(compare_roots, store))))
    times = {"from": (NOW - DAY).isoformat(), "to": (NOW + DAY).isoformat()}

    (root,) = client.get("/api/v1/root-causes", params=times).json()["items"]

    assert (root["root"], root["failing"], root["passing"]) == (ROOT, 12, 40)
    first = root["causes"][0]
    assert (first["name"], first["in_words"], first["charged"]) == (
        "dispatch: TimeoutError", "in 12 of 12 failing, 0 of 40 passing", "courier",
    )  # fmt: skip
    assert "agent courier" in first["alike"]
    assert len(first["failing_example"]) == 32
    assert (first["passing_example"], first["rank_best"]) == (None, 1)
    assert root["charges"][0]["who"] == "courier"


def test_the_api_compares_with_an_earlier_period(store: Store, load: Any) -> None:
    shop = Shop()
    load(*(span for _ in range(40) for span in shop.order(ago_s=6_000)))
    load(*(span for _ in range(40) for span in shop.order(own_s=0.8)))
    assembled(store)
    client = TestClient(application(router(partial(compare_roots, store))))
    times = {"from": (NOW - HOUR).isoformat(), "to": (NOW + HOUR).isoformat(), "failing": "later"}

    (root,) = client.get("/api/v1/root-causes", params=times).json()["items"]

    assert root["causes"][0]["in_words"].startswith("in 40 of 40 failing")
    wrong = times | {"earlier_from": NOW.isoformat(), "earlier_to": (NOW - HOUR).isoformat()}
    assert client.get("/api/v1/root-causes", params=wrong).status_code == 422
    assert client.get("/api/v1/root-causes", params=times | {"failing": "odd"}).status_code == 422
