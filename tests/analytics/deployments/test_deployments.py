"""Known changes: those that are reported, and those that traces show."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from analytics.api.deployments import router
from analytics.deployments.known import known_changes
from analytics.deployments.ledger import DeploymentLedger
from analytics.rfc3339 import rfc3339
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.rows import NOW


@pytest.fixture
def client(store: Store, engine: Engine) -> TestClient:
    ledger = DeploymentLedger(engine)
    return TestClient(application(router(ledger, known_changes(store, ledger))))


def counted(store: Store, hours_ago: int, agent: str, version: str, model: str = "m", tool: str = "") -> None:
    store.command(
        "INSERT INTO drift_counts"
        " (project, hour, agent, operation, subject, metric, agent_version, n, version)"
        " SELECT 'default', toStartOfHour(toDateTime({now:Int64}, 'UTC')) - toIntervalHour({ago:UInt32}),"
        " {agent:String}, each.1, each.2, 'outcome', {version:String}, 1, 1"
        " FROM (SELECT arrayJoin([('chat', {model:String}), ('execute_tool', {tool:String})]) AS each)",
        {
            "now": int(NOW.timestamp()),
            "ago": hours_ago,
            "agent": agent,
            "version": version,
            "model": model,
            "tool": tool,
        },
    )


def asked(client: TestClient, **parameters: str) -> list[dict[str, Any]]:
    bounds = {"from": rfc3339(NOW - timedelta(days=7)), "to": rfc3339(NOW + timedelta(days=1))}
    answer = client.get("/api/v1/deployments", params=bounds | parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]  # type: ignore[no-any-return]


def test_a_deployment_that_is_reported_is_listed(client: TestClient) -> None:
    wanted = {"agent": "coder", "version": "v15", "note": "new prompt", "at": rfc3339(NOW)}

    answer = client.post("/api/v1/deployments", json=wanted)

    assert answer.status_code == 201
    (one,) = asked(client)
    assert one == answer.json()
    assert (one["source"], one["version"], one["note"]) == ("reported", "v15", "new prompt")


@pytest.mark.parametrize("wrong", [{"at": "yesterday"}, {"agent": "a" * 201}, {"colour": "red"}])
def test_what_is_none_is_refused(client: TestClient, wrong: dict[str, str]) -> None:
    assert client.post("/api/v1/deployments", json=wrong).status_code == 422


def test_a_version_a_model_and_a_tool_that_are_new_are_seen(client: TestClient, store: Store) -> None:
    counted(store, 30, "coder", "v14", "m-1", "search")
    counted(store, 20, "coder", "v15", "m-2", "browse")

    found = {(one["what"], one["version"]) for one in asked(client)}

    assert found == {("version", "v15"), ("model", "m-2"), ("tool", "browse")}


def test_an_agent_that_is_new_has_changed_nothing(client: TestClient, store: Store) -> None:
    counted(store, 20, "coder", "v14", "m-1", "search")

    assert asked(client) == []


def test_what_came_back_is_not_new(client: TestClient, store: Store) -> None:
    for hours_ago, version in ((40, "v14"), (30, "v15"), (20, "v14")):
        counted(store, hours_ago, "coder", version)

    assert [one["version"] for one in asked(client)] == ["v15"]
