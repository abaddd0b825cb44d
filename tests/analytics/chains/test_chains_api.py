"""GET /chains: what failed with which error, how it travelled, and the traces of one; on a real store."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.chains import router
from analytics.chains.reader import ChainReader
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled, chains_recorded
from tests.analytics.detectors.test_error_chain import paying
from tests.analytics.rows import NOW
from tests.builders import pairs

RANGE = {"from": (NOW - timedelta(hours=1)).isoformat(), "to": (NOW + timedelta(hours=1)).isoformat()}


@pytest.fixture
def client(store: Store) -> TestClient:
    assembled(store)
    chains_recorded(store)
    return TestClient(application(router(partial(ChainReader, store))))


def chains(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/v1/chains", params=RANGE | asked).raise_for_status().json()
    return answer


def test_chains_are_counted_by_outcome_those_that_fail_traces_first(
    load: Any, request: pytest.FixtureRequest
) -> None:
    probe = Conversation()
    probe.tool("probe", {"n": 1}, error="404")
    load(*paying(), *paying(), *paying(up=1), *probe.ended())

    answer = chains(request.getfixturevalue("client"))

    counts = [(one["call"], one["traces"], one["failures"], one["contained"]) for one in answer["items"]]
    assert counts[0] == ("pay", 2, 2, 0)
    assert sorted(counts[1:]) == [("pay", 1, 0, 1), ("probe", 1, 0, 1)]
    assert {one["call"]: one["expected"] for one in answer["items"]} == {"pay": False, "probe": True}
    assert answer["items"][0]["path"] == ["buyer", "lead", "invoke_workflow ship"]
    assert answer["total"] == 3
    assert {"source": "buyer", "target": "lead", "traces": 3, "failures": 2} in answer["flows"]


def test_one_chain_has_its_traces_and_its_way_through_one(load: Any, request: pytest.FixtureRequest) -> None:
    spans = paying()
    load(*spans)
    client = request.getfixturevalue("client")
    (one,) = chains(client)["items"]

    answer = client.get(f"/api/v1/chains/{one['fingerprint']}", params=RANGE).json()

    assert [hop["span_id"] for hop in answer["hops"]] == [span.span_id.hex() for span in spans]
    assert answer["hops"][0]["error_type"] == "TimeoutError"
    (trace,) = answer["traces"]
    assert (trace["trace_id"], trace["outcome"]) == (spans[0].trace_id.hex(), "root failed")


def test_who_stopped_it_is_the_last_hop(load: Any, request: pytest.FixtureRequest) -> None:
    load(*paying(up=1))
    client = request.getfixturevalue("client")
    (one,) = chains(client)["items"]

    hops = client.get(f"/api/v1/chains/{one['fingerprint']}", params=RANGE).json()["hops"]

    assert [hop["status"] == "error" for hop in hops] == [True, True, False]
    assert hops[-1]["agent"] == "lead"


def test_another_project_and_another_time_have_none(load: Any, request: pytest.FixtureRequest) -> None:
    load(*paying(), project="other")
    client = request.getfixturevalue("client")

    assert chains(client) == {"items": [], "total": 0, "flows": []}


def test_times_that_are_none_and_chains_that_are_not_there_are_told(request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue("client")
    now = datetime.fromisoformat(RANGE["from"])

    backwards = client.get("/api/v1/chains", params={"from": RANGE["to"], "to": RANGE["from"]})
    too_long = client.get("/api/v1/chains", params={"from": (now - timedelta(days=40)).isoformat()})
    missing = client.get(f"/api/v1/chains/{'0' * 32}")

    assert (backwards.status_code, too_long.status_code, missing.status_code) == (422, 422, 404)
    assert "31 days" in too_long.json()["detail"]
    assert missing.json()["detail"] == "No error took this way in that time."


def across(*, fails: bool = True) -> tuple[list[Span], list[Span]]:
    """A call fails because of what it called in another trace, whose root links to it."""
    caller, callee = Conversation(), Conversation()
    caller.tool("ask_pricing", {"item": "A-1"}, agent="buyer", error="PricingError")
    callee.tool("price", {"item": "A-1"}, agent="pricing", error="TimeoutError")
    *_, caller_root = asking = caller.ended()
    *_, root = answering = callee.ended()
    root.name = "invoke_workflow price"
    if fails:
        root.status.code = caller_root.status.code = 2
    root.links.add(trace_id=caller.trace_id, span_id=caller.spans[0].span_id)
    return asking, answering


def test_a_chain_says_in_which_other_traces_it_began_and_went_on(
    load: Any, request: pytest.FixtureRequest
) -> None:
    asking, answering = across()
    load(*asking, *answering)
    client = request.getfixturevalue("client")
    by_call = {one["call"]: one["fingerprint"] for one in chains(client)["items"]}

    details = {
        call: client.get(f"/api/v1/chains/{name}", params=RANGE).json()["across"]
        for call, name in by_call.items()
    }

    (began,), (went_on,) = details["ask_pricing"], details["price"]
    assert (began["way"], began["call"], began["agent"]) == ("began", "price", "pricing")
    assert (began["traces"], began["example"]) == (1, answering[0].trace_id.hex())
    assert (went_on["way"], went_on["call"], went_on["example"]) == (
        "went on",
        "ask_pricing",
        asking[0].trace_id.hex(),
    )


def test_what_did_not_fail_its_root_went_nowhere(load: Any, request: pytest.FixtureRequest) -> None:
    asking, answering = across(fails=False)
    load(*asking, *answering)
    client = request.getfixturevalue("client")

    for one in chains(client)["items"]:
        assert client.get(f"/api/v1/chains/{one['fingerprint']}", params=RANGE).json()["across"] == []


def test_what_followed_in_the_same_session_is_counted(load: Any, request: pytest.FixtureRequest) -> None:
    for minute, (session, error) in enumerate(
        [("a", "boom"), ("a", None), ("b", "boom"), ("b", "again"), ("c", "boom")]
    ):
        talk = Conversation(began_s_ago=900 - 60 * minute)
        talk.tool("pay" if error == "boom" else "look", {}, "ok", error=error)
        *_, root = spans = talk.ended()
        root.attributes.extend(pairs({"session.id": session}))
        root.status.code = 2 if error else 0
        load(*spans)
    client = request.getfixturevalue("client")
    (pay,) = (one for one in chains(client)["items"] if one["call"] == "pay")

    later = client.get(f"/api/v1/chains/{pay['fingerprint']}", params=RANGE).json()["later"]

    assert later == {"sessions": 3, "went_on": 2, "failed_later": 1}
