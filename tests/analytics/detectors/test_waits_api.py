"""GET /waits shows the graph of the last look: the caller's project, and the findings of its rings."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from analytics.api.waits import router
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from analytics.waits.graph import EMPTY, WaitGraph
from tests.analytics.application import application
from tests.analytics.detectors.wait_rows import agent, look, ring, wait, waiting

ROWS = [
    *ring("coder", "tester", "writer"),
    *waiting("planner", "coder", 90),
    agent("lead", 95),
    wait("lead", '["ann", "bob"]', 96, kind="human", parent=95, wait_needed=1, wait_timeout_s=900),
    *ring("a", "b", project="other"),
]
OUTCOME = look(*ROWS)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[FindingLedger]:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield FindingLedger(engine, [])
    engine.dispose()


def asked(ledger: FindingLedger, graph: WaitGraph | None = None, project: str = "shop") -> dict[str, Any]:
    shown = OUTCOME.waits if graph is None else graph
    assert shown is not None
    client = TestClient(application(router(lambda: shown, ledger), project=project))
    answer: dict[str, Any] = client.get("/api/v1/waits").raise_for_status().json()
    return answer


def test_before_the_first_look_there_is_nothing(ledger: FindingLedger) -> None:
    assert asked(ledger, EMPTY) == {"at": None, "nodes": [], "edges": [], "rings": []}


def test_a_ring_is_shown_in_order_with_its_finding_its_victims_and_the_wait_to_break(
    ledger: FindingLedger,
) -> None:
    ledger.reconcile("deadlock", OUTCOME.findings, datetime.now(UTC))
    opened = {finding.project: finding.id for finding in ledger.open("deadlock")}

    answer = asked(ledger)

    labels = {node["id"]: node["label"] for node in answer["nodes"]}
    (found,) = answer["rings"]
    hops = [answer["edges"][hop] for hop in found["hops"]]
    assert [labels[hop["waiter"]] for hop in hops] == ["coder", "tester", "writer"]
    assert [labels[hop["target"]] for hop in hops] == ["tester", "writer", "coder"]
    assert (found["finding_id"], found["grade"], found["breaks"]) == (opened["shop"], "confirmed", None)
    assert [labels[victim] for victim in found["victims"]] == ["planner"]
    assert labels[hops[found["cut"]]["waiter"]] == "writer"
    assert found["age_s"] == 20


def test_what_waits_for_people_is_shown_and_is_no_ring(ledger: FindingLedger) -> None:
    answer = asked(ledger)

    people = [edge for edge in answer["edges"] if edge["kind"] == "human"]
    kinds = {node["label"]: (node["kind"], node["working"]) for node in answer["nodes"]}
    assert [(edge["needed"], edge["targets"]) for edge in people] == [(1, 2), (1, 2)]
    assert people[0]["deadline"] is not None
    assert (kinds["ann"], kinds["lead"]) == (("human", True), ("agent", False))


def test_a_ring_that_is_not_told_has_no_finding(ledger: FindingLedger) -> None:
    assert asked(ledger)["rings"][0]["finding_id"] is None


def test_nobody_sees_the_waits_of_another_project(ledger: FindingLedger) -> None:
    answer = asked(ledger, project="other")

    assert {node["label"] for node in answer["nodes"]} == {"a", "b"}
    assert [len(one["hops"]) for one in answer["rings"]] == [2]
    assert asked(ledger, project="third")["nodes"] == []
