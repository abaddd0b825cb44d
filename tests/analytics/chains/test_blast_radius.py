"""How far a chain reached, at least and at most; on a real store."""

import json
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.chains import router
from analytics.chains import taint
from analytics.chains.reader import ChainReader
from analytics.chains.taint import seeds_of
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.chains.test_chains_api import RANGE, chains
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled, chains_recorded
from tests.analytics.detectors.test_error_chain import failed


def message(text: str) -> str:
    return json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": text}]}])


def booking(*, content: bool = True, fails: bool = True, said: str = "Seat 4711-K is held.") -> list[Span]:
    """The seat's check fails beneath booker, whose answer names it; cashier charges for it, and mails about
    something else."""
    talk = Conversation(content=content)
    talk.tool("book", {"before": "the failure"}, "done-1", agent="clerk")
    with talk.turn("booker", message("Book a seat."), message(said)) as booker:
        talk.tool("check_seat", {"seat": "4711-K"}, agent="booker", parent=booker, error="TimeoutError")
    with talk.turn("cashier", message(said), message("Paid.")) as cashier:
        talk.model("charge", asked=message(said), agent="cashier", parent=cashier)
        talk.tool("charge_card", {"for": "4711-K"}, "ok", agent="cashier", parent=cashier)
        talk.tool("send_mail", {"about": "the weather"}, "ok", agent="cashier", parent=cashier)
    talk.tool("lookup", {"n": 2}, "ok", agent="auditor")
    spans = talk.ended()
    if fails:
        failed(spans[2], "TimeoutError")
        failed(spans[-1], "TimeoutError")
    return spans


def radius(store: Store, **asked: Any) -> dict[str, Any]:
    assembled(store)
    chains_recorded(store)
    client = TestClient(application(router(partial(ChainReader, store))))
    (one,) = (one for one in chains(client)["items"] if one["call"] == "check_seat")
    answer = client.get(f"/api/v1/chains/{one['fingerprint']}", params=RANGE | asked).raise_for_status()
    found: dict[str, Any] = answer.json()["radius"]
    return found


def test_a_swallowed_error_reaches_who_goes_on_with_the_answer_at_least_and_all_that_came_after_at_most(
    store: Store, load: Any
) -> None:
    load(*booking(fails=False))

    found = radius(store)

    least, most = found["least"], found["most"]
    assert (least["traces"], most["traces"]) == (1, 1)
    assert (least["agents"], most["agents"]) == (2, 3), "booker and cashier; auditor, too"
    assert (least["changes"], most["changes"]) == (1, 2), "the charge; the mail, too; what was before is none"
    assert most["tokens"] == 110
    assert (found["traces_counted"], found["traces_read"]) == (1, 1)


def test_what_somebody_told_of_is_not_followed(store: Store, load: Any) -> None:
    load(*booking(fails=False, said="Seat 4711-K could not be checked: timeout."))

    found = radius(store)

    assert (found["least"]["traces"], found["least"]["changes"]) == (0, 0)
    assert (found["most"]["traces"], found["most"]["changes"]) == (1, 2)


def test_a_trace_that_failed_of_it_is_reached_without_content_too(store: Store, load: Any) -> None:
    load(*booking(content=False), *booking(content=False))

    found = radius(store)

    assert (found["least"]["traces"], found["most"]["traces"]) == (2, 2)
    assert (found["least"]["agents"], found["most"]["agents"]) == (1, 3)
    assert found["least"]["tokens"] == 0
    assert found["most"]["tokens"] == 220
    assert found["traces_read"] == 0


def test_costs_that_nobody_records_are_unknown(store: Store, load: Any) -> None:
    load(*booking())

    found = radius(store)

    assert (found["least"]["cost_usd"], found["most"]["cost_usd"]) == (None, None)


def test_more_traces_than_are_counted_say_so(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.chains.blast_radius.TRACES_MAX", 2)
    load(*booking(), *booking(), *booking())

    assert radius(store)["traces_counted"] == 2


def test_where_time_is_up_fewer_traces_are_read(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taint, "READING_S_MAX", 0.0)
    load(*booking(fails=False))

    found = radius(store)

    assert (found["traces_read"], found["least"]["changes"]) == (0, 0)
    assert found["most"]["changes"] == 2


def test_another_project_s_traces_of_the_same_ids_do_not_count(store: Store, load: Any) -> None:
    spans = booking()
    load(*spans)
    load(*spans, project="other")

    assert radius(store)["most"]["changes"] == 2


@pytest.mark.parametrize(
    ("outcome", "handling", "seeds"),
    [
        ("root failed", "unknown", {"origin"}),
        ("unknown", "unknown", {"origin"}),
        ("contained", "silent", {"stopped"}),
        ("contained", "consumed", {"stopped"}),
        ("contained", "told", set()),
        ("contained", "made up for", set()),
        ("contained", "unknown", set()),
        ("retried", "unknown", set()),
    ],
)
def test_followed_is_the_answer_that_is_bad(outcome: str, handling: str, seeds: set[str]) -> None:
    row = {"outcome": outcome, "handling": handling, "hops": ["origin", "above"], "stopped_at": "stopped"}

    assert seeds_of(row) == seeds
