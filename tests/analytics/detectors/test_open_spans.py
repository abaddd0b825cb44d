"""GET /open-spans shows the last look, oldest first."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from analytics.api.open_spans import router
from tests.analytics.application import application
from tests.analytics.detectors.open_rows import look, open_row, span_id

VERDICTS = look(
    open_row(1, age_s=5),
    open_row(2, age_s=300, waiting_on="tester"),
    open_row(3, age_s=20, agent="planner", environment="staging", model="m", tool=""),
).verdicts


@pytest.fixture
def client() -> TestClient:
    return TestClient(application(router(lambda: VERDICTS), project=open_row()["project"]))


def listed(client: TestClient, **query: Any) -> tuple[list[str], str | None]:
    page = client.get("/api/v1/open-spans", params=query).json()
    return [item["span_id"] for item in page["items"]], page["next"]


def test_the_oldest_comes_first(client: TestClient) -> None:
    assert listed(client) == ([span_id(2), span_id(3), span_id(1)], None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [({"agent": "planner"}, [3]), ({"environment": "production"}, [2, 1]), ({"agent": "nobody"}, [])],
)
def test_the_list_can_be_narrowed(client: TestClient, query: dict[str, str], expected: list[int]) -> None:
    assert listed(client, **query)[0] == [span_id(number) for number in expected]


def test_pages_go_on_where_the_last_one_ended(client: TestClient) -> None:
    first, cursor = listed(client, limit=2)
    second, end = listed(client, limit=2, cursor=cursor)

    assert (first + second, end) == ([span_id(2), span_id(3), span_id(1)], None)


@pytest.mark.parametrize("cursor", ["", "x", "-1-", "²-", "9" * 5_000])
def test_a_foreign_cursor_is_refused(client: TestClient, cursor: str) -> None:
    assert client.get("/api/v1/open-spans", params={"cursor": cursor}).status_code == 400


@pytest.mark.parametrize("limit", [0, 1_001])
def test_a_page_has_bounds(client: TestClient, limit: int) -> None:
    assert client.get("/api/v1/open-spans", params={"limit": limit}).status_code == 422


def test_an_open_span_shows_its_age_beside_what_is_usual(client: TestClient) -> None:
    item = client.get("/api/v1/open-spans").json()["items"][0]

    assert (item["verdict"], item["age_s"], item["samples"], item["waiting_on"]) == (
        "stuck",
        300,
        240,
        "tester",
    )
    assert item["usual_s"] == pytest.approx(1, rel=0.06)
    assert item["limit_s"] == pytest.approx(6, rel=0.06)
    assert item["model"] is None
    assert item["start"].endswith(":25:00.000000000Z")
