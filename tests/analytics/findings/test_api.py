from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from analytics.api import findings
from analytics.findings.ledger import FindingLedger
from tests.analytics.alerts.api_server import serving
from tests.analytics.application import application
from tests.analytics.findings.builders import finding, opened


@pytest.fixture
def client(engine: Engine) -> Iterator[httpx.Client]:
    ledger = FindingLedger(engine, [])
    opened(ledger, finding("f1"), finding("f2", severity="S1"))
    app = application(findings.router(ledger), project="shop")
    with serving(app) as client:
        yield client


def test_findings_are_listed_page_by_page(client: httpx.Client) -> None:
    first = client.get("/api/v1/findings", params={"limit": 1}).json()
    second = client.get("/api/v1/findings", params={"limit": 1, "cursor": first["next"]}).json()

    assert {first["items"][0]["fingerprint"], second["items"][0]["fingerprint"]} == {"f1", "f2"}
    assert second["next"] is None


def test_one_finding_is_what_the_list_shows(client: httpx.Client) -> None:
    [listed] = client.get("/api/v1/findings", params={"severity": "S1"}).json()["items"]

    assert client.get(f"/api/v1/findings/{listed['id']}").json() == listed
    assert listed["first_seen"] == "2026-03-01T12:00:00.000250000Z"


def test_times_are_taken_with_nanoseconds_and_a_zone(client: httpx.Client) -> None:
    params = {"from": "2026-03-01T14:00:02.000250999+02:00", "to": "2026-03-01T12:01:00Z"}

    assert len(client.get("/api/v1/findings", params=params).json()["items"]) == 2


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        pytest.param("/findings?cursor=nonsense", 400, "not one that this service gave out", id="cursor"),
        pytest.param("/findings/unknown", 404, "no finding of this id", id="id"),
        pytest.param("/findings/%00", 404, "no finding of this id", id="NUL in the path"),
        pytest.param("/findings?severity=S9", 422, "severity: ", id="severity"),
        pytest.param("/findings?state=closed", 422, "state: ", id="state"),
        pytest.param("/findings?limit=0", 422, "limit: ", id="no items"),
        pytest.param("/findings?limit=1000000", 422, "limit: ", id="too many items"),
        pytest.param("/findings?from=yesterday", 422, "from: ", id="no time"),
        pytest.param("/findings?from=2026-03-01T12:00:00", 422, "from: ", id="time without a zone"),
    ],
)
def test_a_bad_request_is_answered_with_a_problem(
    client: httpx.Client, path: str, status: int, detail: str
) -> None:
    answer = client.get(f"/api/v1{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["type"]) == (status, "about:blank")
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize("query", ["agent=%00", "agent=%ff", "detector=%00", "trace_id=%ed%a0%80"])
def test_text_that_no_database_takes_finds_nothing(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/v1/findings?{query}")

    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})
