"""What is seen of agents in traces that were loaded for real, and the API that says it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from analytics.api.checklist import router
from analytics.checklist.reader import check
from analytics.checklist.version_seen import version_seen
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled
from tests.analytics.rows import NOW
from tests.builders import pairs

WEEK = timedelta(days=7)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[FindingLedger]:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield FindingLedger(engine, [])
    engine.dispose()


def paying(*, fails: bool, undone: bool = False) -> list[Any]:
    talk = Conversation()
    with talk.turn("buyer") as buyer:
        talk.tool("pay", {"order": 1}, {"id": "PAY-1"}, agent="buyer", parent=buyer)
        talk.tool("look_up", {"n": 1}, agent="buyer", parent=buyer, error="TimeoutError")
        talk.tool("look_up", {"n": 1}, "found", agent="buyer", parent=buyer)
        if undone:
            talk.tool("refund_payment", {"id": "PAY-1"}, "ok", agent="buyer", parent=buyer)
    spans = talk.ended()
    if fails:
        spans[-1].status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR))
    return spans


def test_calls_effects_retries_and_partial_failures_are_counted_by_agent(
    store: Store, ledger: FindingLedger, load: Any
) -> None:
    load(*paying(fails=False), *paying(fails=True), *paying(fails=True, undone=True))
    assembled(store)

    (one,) = check(store, ledger, "default", NOW - WEEK, NOW + WEEK)

    facts = one.facts
    assert (facts.agent, facts.traces, facts.waits, facts.retries) == ("buyer", 3, 10, 3)
    assert facts.effects == 3  # a refund takes one back
    assert (facts.partial, facts.partial_undone, len(facts.partial_traces)) == (2, 1, 1)


def test_the_api_answers_as_json_and_as_markdown(store: Store, ledger: FindingLedger, load: Any) -> None:
    load(*paying(fails=True))
    assembled(store)
    client = TestClient(application(router(partial(check, store, ledger), partial(version_seen, store))))
    asked = {"from": (NOW - WEEK).isoformat(), "to": (NOW + WEEK).isoformat()}

    (agent,) = client.get("/api/v1/checklist", params=asked).json()["items"]
    page = client.get("/api/v1/checklist.md", params=asked)

    assert [answer["verdict"] for answer in agent["answers"]] == ["unknown"] * 4 + ["fail"]
    assert page.headers["content-type"].startswith("text/markdown")
    assert "## buyer (1 traces)" in page.text
    assert client.get("/api/v1/checklist", params=asked | {"agent": "nobody"}).json()["items"] == []


def test_the_api_answers_since_a_version_was_first_seen(
    store: Store, ledger: FindingLedger, load: Any
) -> None:
    before, after = Conversation(began_s_ago=900), Conversation(began_s_ago=300)
    for talk in (before, after):
        talk.tool("pay", {"order": 1}, "ok", agent="buyer")
    for each in after.spans:
        each.attributes.extend(pairs({"gen_ai.agent.version": "v15"}))
    load(*before.ended(), *after.ended())
    assembled(store)
    client = TestClient(application(router(partial(check, store, ledger), partial(version_seen, store))))
    until = {"to": (NOW + timedelta(days=1)).isoformat()}

    def asked(**parameters: str) -> Any:
        return client.get("/api/v1/checklist", params=until | parameters)

    (since,) = asked(version="v15").json()["items"]
    (all_of_it,) = asked().json()["items"]
    assert (since["traces"], all_of_it["traces"]) == (1, 2)
    assert asked(version="v16").status_code == 404
    assert asked(version="v15", agent="nobody").status_code == 404
    assert asked(version="v15", **{"from": (NOW - WEEK).isoformat()}).status_code == 422
