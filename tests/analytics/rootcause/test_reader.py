"""What goes with failing among traces that were loaded for real."""

from datetime import timedelta
from functools import partial
from typing import Any

from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from analytics.api.root_causes import router
from analytics.period import Period
from analytics.rootcause.reader import compare, compare_roots
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW


def order(*, fails: bool, express: bool) -> list[Span]:
    """An order; express ones go to the courier, whose call may fail."""
    talk = Conversation()
    with talk.turn("clerk") as clerk:
        talk.tool("look_up", {"n": 1}, "found", agent="clerk", parent=clerk)
        if express:
            with talk.turn("courier", parent=clerk) as courier:
                error = "TimeoutError" if fails else None
                talk.tool("dispatch", {"n": 1}, agent="courier", parent=courier, error=error)
    spans = talk.ended()
    if fails:
        spans[-1].status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message="no courier"))
    return spans


def compared(store: Store, project: str = "default") -> Any:
    assembled(store)
    day = timedelta(days=1)
    return compare(store, project, Period(NOW - day, NOW + day), "invoke_workflow ship")


def test_the_failing_call_is_named_with_how_many_have_it(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    load(*(span for number in range(40) for span in order(fails=False, express=number < 8)))

    found = compared(store)

    assert (found.failing, found.passing) == (12, 40)
    first, *others = found.causes
    assert (first.feature.sort, first.feature.name) == ("failing call", "dispatch: TimeoutError")
    assert (first.feature.failing_with, first.feature.passing_with) == (12, 0)
    assert {(one.feature.sort, one.feature.name) for one in others} <= {
        ("calls", "clerk → courier"), ("tool", "dispatch"), ("agent", "courier"),
    }  # fmt: skip
    assert len(first.feature.failing_example) == 32


def test_another_project_has_none(store: Store, load: Any) -> None:
    load(*order(fails=True, express=True))

    assert compared(store, "other").causes == ()


def test_traces_that_fail_for_no_reason_in_common_name_none(store: Store, load: Any) -> None:
    for fails, number in ((True, 12), (False, 40)):
        spans = [span for _ in range(number) for span in order(fails=False, express=True)]
        if fails:
            for span in spans:
                if not span.parent_span_id:
                    span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR))
        load(*spans)

    assert list(compared(store).causes) == []


def test_the_api_compares_the_roots_that_fail_and_says_it_in_words(store: Store, load: Any) -> None:
    load(*(span for _ in range(12) for span in order(fails=True, express=True)))
    load(*(span for _ in range(40) for span in order(fails=False, express=False)))
    assembled(store)
    client = TestClient(application(router(partial(compare_roots, store))))
    asked = {"from": (NOW - timedelta(days=1)).isoformat(), "to": (NOW + timedelta(days=1)).isoformat()}

    (root,) = client.get("/api/v1/root-causes", params=asked).json()["items"]

    assert (root["root"], root["failing"], root["passing"]) == ("invoke_workflow ship", 12, 40)
    first = root["causes"][0]
    assert (first["name"], first["in_words"]) == (
        "dispatch: TimeoutError", "in 12 of 12 failing, 0 of 40 passing",
    )  # fmt: skip
    assert "agent courier" in first["alike"]
    assert first["passing_example"] is None
