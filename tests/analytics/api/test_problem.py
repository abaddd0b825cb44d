"""Whatever goes wrong, a client reads a problem document."""

from collections.abc import Iterator

import httpx
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from fastapi import FastAPI

from analytics.api import problem
from collector.errors import StoreUnavailable
from tests.analytics.alerts.api_server import serving

ERRORS = {
    "database": DatabaseError("Code: 241. memory"),
    "folder": StoreUnavailable("in use"),
    "bug": KeyError("x"),
}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    app = FastAPI()
    problem.install(app)

    @app.get("/{name}")
    def fail(name: str) -> None:
        raise ERRORS[name]

    with serving(app) as client:
        yield client


@pytest.mark.parametrize("name", ["database", "folder"])
def test_a_store_that_does_not_answer_is_worth_another_try(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/{name}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Service Unavailable"


def test_an_error_of_our_own_is_a_problem_document_that_tells_no_internals(client: httpx.Client) -> None:
    answer = client.get("/bug")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 500
    assert "KeyError" not in answer.text
