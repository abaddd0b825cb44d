"""Two windows are compared through the API, on what real loading, assembly and counting left."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from analytics.api import health
from analytics.api.app import create_app
from analytics.api.drift_comparison import router
from analytics.series.comparing import compare
from collector.keys.key import Key, digest
from collector.keys.keyring import Keyring
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.loading import loading_into
from tests.analytics.series.two_days import AFTER, BEFORE, HOSTILE, PER_HOUR, WEDNESDAY, counted

SECRET = "pk_00000000_" + "0" * 64


@pytest.fixture(scope="module")
def two_days(opened_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    counted(opened_store, loading_into(opened_store, tmp_path_factory.mktemp("segments")))
    return opened_store


def routes(store: Store) -> APIRouter:
    return router(partial(compare, store, lambda _: date.min))


@pytest.fixture(scope="module")
def client(two_days: Store) -> TestClient:
    return TestClient(application(routes(two_days)))


@pytest.fixture(scope="module")
def operator(two_days: Store) -> Iterator[TestClient]:
    """The local operator, who may read every project."""
    key = Key("00000000", "default", digest(SECRET), frozenset({"query", "operator"}))
    app = create_app("test", [routes(two_days)], health.router(list), Keyring((key,), None))
    with TestClient(app, headers={"x-api-key": SECRET}) as client:
        yield client


def asked(client: TestClient, before: str = BEFORE, after: str = AFTER, **more: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/drift/comparison", params={"from": before, "to": after, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: TestClient, before: str, after: str = AFTER, status: int = 422) -> str:
    answer = client.get("/api/v1/drift/comparison", params={"from": before, "to": after})
    assert answer.status_code == status, answer.text
    return str(answer.json()["detail"])


def verdicts(found: dict[str, Any], metric: str = "duration") -> dict[str, str]:
    return {one["subject"]: one["verdict"] for one in found["items"] if one["metric"] == metric}


def test_what_changed_is_told_apart_from_what_did_not_and_from_what_is_too_little(client: TestClient) -> None:
    found = asked(client)

    told = verdicts(found)
    assert (told["search"], told["read"], told["rare"]) == ("differs", "alike", "unknown")
    first = found["items"][0]
    assert (first["verdict"], first["metric"], first["unit"]) == ("differs", "duration", "s")
    assert first["calls_before"] == first["calls_after"] == 16 * PER_HOUR
    assert first["headline"].startswith("median ")
    median = next(level for level in first["levels"] if level["level"] == 0.5)
    assert median["low"] < 2 < median["high"]
    assert (median["before"], median["after"]) == (pytest.approx(1, rel=0.1), pytest.approx(3, rel=0.1))
    assert first["greater"] > 0.9
    rare = next(one for one in found["items"] if one["subject"] == "rare")
    assert "1 calls in the first window" in rare["wanting"] or "0 calls" in rare["wanting"]
    assert found["compared"] + found["unknown"] == len(found["items"])


def test_two_days_without_a_change_are_alike(client: TestClient, operator: TestClient) -> None:
    found = asked(operator, f"project:shop,{BEFORE}", f"project:shop,{AFTER}")

    assert (found["differing"], found["compared"] > 3) == (0, True)


def test_versions_are_compared_in_a_time(client: TestClient) -> None:
    days = f"{BEFORE[:10]}..{AFTER[-10:]}"

    found = asked(client, f"version:1.4.1,{days}", f"version:1.4.2,{days}")

    assert verdicts(found)["search"] == "differs"
    assert verdicts(asked(client, f"version:1.4.1,{BEFORE}", f"version:9,{AFTER}"))["search"] == "unknown"


def test_projects_are_compared_by_who_may_read_both(client: TestClient, operator: TestClient) -> None:
    found = asked(operator, f"project:shop,{AFTER}", f"project:default,{AFTER}")

    assert verdicts(found)["search"] == "differs"
    assert verdicts(found)["read"] == "alike"
    assert "compares that project alone" in refused(client, f"project:shop,{BEFORE}", status=403)


def test_a_key_of_another_project_sees_nothing_of_it(two_days: Store) -> None:
    stranger = TestClient(application(routes(two_days), project="elsewhere"))

    assert asked(stranger)["items"] == []
    assert "compares that project alone" in refused(stranger, f"project:default,{BEFORE}", status=403)


def test_series_are_chosen_by_environment_agent_and_metric(client: TestClient) -> None:
    assert {one["metric"] for one in asked(client, metric="duration")["items"]} == {"duration"}
    assert asked(client, agent="nobody")["items"] == []
    assert asked(client, environment="nowhere")["items"] == []
    assert verdicts(asked(client, agent="coder"))["search"] == "differs"


def test_a_margin_beyond_the_change_makes_it_alike(client: TestClient) -> None:
    assert verdicts(asked(client, margin=5))["search"] == "alike"


def test_names_come_back_as_they_were_sent(client: TestClient) -> None:
    assert verdicts(asked(client))[HOSTILE] == "differs"


@pytest.mark.parametrize("of", ["'; DROP TABLE drift_counts", "\u202e", "{metric:String}", "a" * 1000])
def test_a_hostile_filter_finds_nothing(client: TestClient, of: str) -> None:
    assert asked(client, metric=of, agent=of)["items"] == []
    assert asked(client, f"version:{of[:900]}", f"version:b{of[:900]}")["compared"] == 0


def test_windows_without_calls_are_unknown_and_without_any_empty(client: TestClient) -> None:
    empty = f"{WEDNESDAY - timedelta(days=20):%Y-%m-%d}"

    found = asked(client, f"{empty}..{empty}")

    assert (found["compared"], found["differing"], found["unknown"] > 0) == (0, 0, True)
    assert asked(client, "version:none", "version:nothing")["items"] == []


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (AFTER, "overlap"),
        (f"{BEFORE[:10]}..{AFTER[-10:]}", "overlap"),
        (f"version:1.4.2,{AFTER}", "overlap"),
        ("yesterday", "cannot be read"),
        ("version:", "cannot be read"),
        ("2026-13-01..2026-13-02", "cannot be read"),
        ("2026-11-02..2026-11-01", "whole hours"),
        ("2020-01-01..2026-11-01", "70 days at most"),
        ("2026-11-02T10:00..2026-11-02T12:00", "time zone"),
        ("version:1,version:2", "twice"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(client: TestClient, before: str, said: str) -> None:
    assert said in refused(client, before)


def test_hours_without_their_like_in_the_other_window_do_not_count(client: TestClient) -> None:
    """A night is not compared with a day."""
    night, day = f"{BEFORE[:10]}T00:00Z", f"{AFTER[:10]}T13:00Z"

    found = asked(client, f"{night}..{BEFORE[:10]}T11:00Z", f"{day}..{AFTER[:10]}T23:00Z")

    assert verdicts(found)["search"] == "unknown"
    assert found["compared"] == 0
