"""GET /chains: what failed with which error, how it travelled, and the traces of one; on a real store."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient

from analytics.api.chains import router
from analytics.chains.reader import ChainReader
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled, chains_recorded
from tests.analytics.detectors.test_error_chain import paying
from tests.analytics.rows import NOW

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
