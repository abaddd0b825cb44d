"""The calls that erase, and who may make them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from analytics.api import erasures, health
from analytics.api.app import create_app
from analytics.erasures.ledger import ErasureLedger
from analytics.state.database import open_state
from collector.deletion.subject import Subject
from collector.keys.keyring import Keyring
from tests.analytics.alerts.api_server import serving
from tests.collector.keys.made import made

OPERATOR, OPERATOR_TEXT = made("default", "ingest", "query", "admin", "operator")
SHOP, SHOP_TEXT = made("shop", "query", "admin")
READER, READER_TEXT = made("shop", "query")


@pytest.fixture
def asked() -> list[Subject]:
    return []


@pytest.fixture
def client(tmp_path: Path, asked: list[Subject]) -> Iterator[httpx.Client]:
    def preview(subject: Subject) -> dict[str, int]:
        asked.append(subject)
        return {"traces": 2, "spans": 9, "span_logs": 0}

    ledger = ErasureLedger(open_state(f"sqlite:///{tmp_path}/state.db"))
    keys = Keyring((OPERATOR, SHOP, READER), None)
    with serving(create_app("1", [erasures.router(ledger, preview)], health.router(list), keys)) as client:
        yield client


def ask(client: httpx.Client, shown: str, method: str, path: str = "", **wanted: Any) -> httpx.Response:
    body = wanted if method == "POST" else None
    return client.request(
        method, f"/api/v1/erasures{path}", headers={"authorization": f"Bearer {shown}"}, json=body
    )


def test_an_erasure_is_written_down_with_who_asked_and_not_whose_it_is(client: httpx.Client) -> None:
    answer = ask(client, SHOP_TEXT, "POST", user="anna")

    made = answer.json()
    assert answer.status_code == 202
    assert (made["project"], made["state"], made["requested_by"]) == ("shop", "pending", SHOP.id)
    assert made["counts"] == {"traces": 2, "spans": 9, "span_logs": 0}
    assert "anna" not in answer.text
    assert ask(client, SHOP_TEXT, "GET").json()["items"] == [made]
    assert ask(client, SHOP_TEXT, "GET", f"/{made['id']}").json() == made


def test_a_dry_run_counts_and_changes_nothing(client: httpx.Client, asked: list[Subject]) -> None:
    answer = ask(client, SHOP_TEXT, "POST", session="s-1", dry_run=True)

    assert (answer.status_code, answer.json()["state"]) == (200, "dry_run")
    told = client.get("/openapi.json").json()["paths"]["/api/v1/erasures"]["post"]["responses"]
    assert {"200", "202"} <= told.keys()
    assert asked == [Subject("shop", "session", "s-1")]
    assert ask(client, SHOP_TEXT, "GET").json()["items"] == []


def test_a_key_erases_in_its_own_project_alone(client: httpx.Client, asked: list[Subject]) -> None:
    assert ask(client, SHOP_TEXT, "POST", user="anna", project="bank").status_code == 403
    assert not asked

    elsewhere = ask(client, OPERATOR_TEXT, "POST", user="anna", project="bank").json()
    assert elsewhere["project"] == "bank"
    assert ask(client, SHOP_TEXT, "GET").json()["items"] == []
    assert ask(client, SHOP_TEXT, "GET", f"/{elsewhere['id']}").status_code == 404


def test_who_only_reads_erases_nothing(client: httpx.Client, asked: list[Subject]) -> None:
    assert ask(client, READER_TEXT, "POST", user="anna").status_code == 403
    assert ask(client, READER_TEXT, "GET").status_code == 403
    assert not asked


@pytest.mark.parametrize(
    "wanted",
    [{}, {"user": ""}, {"user": "a", "session": "b"}, {"user": "a\x00"}, {"user": "a", "traces": "x"}],
)
def test_who_does_not_say_whose_is_told_so(
    client: httpx.Client, asked: list[Subject], wanted: dict[str, str]
) -> None:
    assert ask(client, SHOP_TEXT, "POST", **wanted).status_code == 422
    assert not asked
