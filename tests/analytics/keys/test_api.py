"""The calls that keep keys, and who may make them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from analytics.api import health, keys
from analytics.api.app import create_app
from analytics.keys.gatekeeper import Gatekeeper
from analytics.keys.ledger import KeyLedger
from tests.analytics.alerts.api_server import serving
from tests.collector.keys.made import made

OPERATOR, OPERATOR_TEXT = made("default", "ingest", "query", "admin", "operator")


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> FastAPI:
    ledger = KeyLedger(engine)
    keeper = Gatekeeper(ledger, tmp_path / "keys.json", [OPERATOR])
    keeper.refresh()
    return create_app("1", [keys.router(ledger, keeper.refresh)], health.router(list), keeper)


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    with serving(app) as client:
        yield client


def ask(client: httpx.Client, shown: str, method: str, path: str = "", **wanted: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {shown}"} if shown else {}
    body = wanted if method == "POST" else None
    return client.request(method, f"/api/v1/keys{path}", headers=headers, json=body)


def new(client: httpx.Client, shown: str, **wanted: Any) -> str:
    answer = ask(client, shown, "POST", **wanted)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def test_the_operator_makes_keys_of_every_project_and_sees_them_all(client: httpx.Client) -> None:
    new(client, OPERATOR_TEXT)
    new(client, OPERATOR_TEXT, project="shop", scopes=["query"], name="reader")

    listed = ask(client, OPERATOR_TEXT, "GET").json()["items"]

    assert {(key["project"], *key["scopes"]) for key in listed} == {("default", "ingest"), ("shop", "query")}
    assert not any("key" in key or "digest" in key for key in listed)


def test_an_admin_keeps_the_keys_of_its_project_alone(client: httpx.Client) -> None:
    admin = new(client, OPERATOR_TEXT, project="shop", scopes=["admin"])
    bank = new(client, OPERATOR_TEXT, project="bank")

    own = new(client, admin, name="exporter")

    assert ask(client, admin, "POST", project="bank").status_code == 403
    assert {key["project"] for key in ask(client, admin, "GET").json()["items"]} == {"shop"}
    assert ask(client, admin, "DELETE", f"/{bank[3:11]}").status_code == 404
    assert ask(client, admin, "DELETE", f"/{own[3:11]}").json()["revoked"] is not None


@pytest.mark.parametrize("scopes", [["ingest"], ["query"], ["ingest", "query"]])
def test_a_key_for_something_else_keeps_no_keys(client: httpx.Client, scopes: list[str]) -> None:
    shown = new(client, OPERATOR_TEXT, scopes=scopes)

    answers = [ask(client, shown, "GET"), ask(client, shown, "POST"), ask(client, shown, "DELETE", "/0")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert answers[0].headers["content-type"] == "application/problem+json"


def test_who_shows_no_key_makes_none_though_there_are_none(client: httpx.Client) -> None:
    for method in ("GET", "POST"):
        assert ask(client, "", method).status_code == 401
    assert ask(client, OPERATOR_TEXT, "GET").json()["items"] == []


def test_a_key_that_was_revoked_opens_nothing_at_once(client: httpx.Client) -> None:
    admin = new(client, OPERATOR_TEXT, scopes=["admin", "query"])

    assert ask(client, admin, "DELETE", f"/{admin[3:11]}").status_code == 200
    answer = ask(client, admin, "GET")

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "wanted",
    [
        {"project": "../shop"},
        {"project": "Shop"},
        {"project": ""},
        {"project": "a\n"},
        {"project": "a" * 64},
        {"scopes": []},
        {"scopes": ["operator"]},
        {"expires": "2026-03-01T12:00:00"},
        {"spans_per_s": -1},
        {"spans_per_s": "NaN"},
        {"spans_per_second": 5},
        {"name": "n" * 201},
    ],
    ids=str,
)
def test_what_no_key_can_be_is_refused(client: httpx.Client, wanted: dict[str, Any]) -> None:
    assert ask(client, OPERATOR_TEXT, "POST", **wanted).status_code == 422


def test_a_change_that_cannot_be_published_is_told(
    client: httpx.Client, tmp_path: Path, engine: Engine
) -> None:
    (tmp_path / "keys.unfinished").mkdir()

    answer = ask(client, OPERATOR_TEXT, "POST")

    assert answer.status_code == 503
    assert "does not hold yet: keys.json cannot be written" in answer.json()["detail"]
