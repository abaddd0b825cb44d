"""GET /contracts: boundaries, how their contracts are kept, and what was learned; on a real store."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from analytics.api.contracts import router
from analytics.contracts import deviation, reader, recorder
from analytics.contracts.boundary import Boundary
from analytics.contracts.reader import ContractReader
from analytics.contracts.rows import contract_row, contracts_table
from analytics.contracts.user import UserContract, contracts_in
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.contracts.calls import Recorded, order, orders, tool_call

SCHEMA = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
WRITTEN = UserContract(schema=SCHEMA, tool="look_up")
UNSEEN = UserContract(schema=SCHEMA, agent="nobody", side="input")


@pytest.fixture(autouse=True)
def _every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("SAMPLE_MAX", "LEARNING_MAX"):
        monkeypatch.setattr(recorder, bound, 10_000)
    monkeypatch.setattr(deviation, "SURE_CALLS_MIN", 600)


def client(store: Store, *user: UserContract) -> TestClient:
    return TestClient(application(router(partial(ContractReader, store, user))))


def asked(store: Store, path: str, *user: UserContract, **parameters: str) -> Any:
    return client(store, *user).get(f"/api/v1/contracts{path}", params=parameters).raise_for_status().json()


def test_boundaries_are_listed_with_their_pass_rate_broken_ones_first(store: Store, load: Any) -> None:
    load(
        *(tool_call(number, {"id": "A"}, {"q": 1}) for number in range(3)),
        tool_call(3, {"id": 7}),
    )
    Recorded(store, WRITTEN, UNSEEN).run()

    answer = asked(store, "", WRITTEN, UNSEEN)

    result, arguments, unseen = answer["items"]
    assert (result["side"], result["source"], result["pass_rate"]) == ("output", "user", 0.75)
    assert (result["checked"], result["broken"], result["agent"], result["name"]) == (
        4,
        1,
        "buyer",
        "look_up",
    )
    assert result["last_break"].endswith("Z")
    assert (arguments["side"], arguments["source"], arguments["pass_rate"]) == ("input", "none", None)
    assert (arguments["learned_calls"], answer["calls_min"]) == (3, 200)
    assert (unseen["agent"], unseen["source"], unseen["calls"]) == ("nobody", "user", 0)
    assert answer["total"] == 3


def test_one_boundary_has_its_contracts_breaks_and_history(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    load(tool_call(700, order(700, amount="1")), tool_call(701, order(701)))
    recorded.run()
    boundary = next(one["id"] for one in asked(store, "")["items"] if one["side"] == "output")

    answer = asked(store, f"/{boundary}")

    (contract,) = answer["contracts"]
    assert contract["source"] == "learned"
    assert json.loads(contract["json_schema"])["required"] == ["amount", "id", "items", "state"]
    (found,) = answer["breaks"]
    assert (found["path"], found["cause"], found["got"], found["calls"]) == ("$.amount", "type", '"1"', 1)
    assert len(found["examples"]) == 1
    assert sum(one["checked"] for one in answer["history"]) == 502
    assert sum(one["broken"] for one in answer["history"]) == 1


def test_another_time_and_an_unknown_boundary_have_nothing(store: Store, load: Any) -> None:
    load(tool_call(0, {"id": 7}))
    Recorded(store, WRITTEN).run()
    before = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    later = (datetime.now(UTC) - timedelta(days=1)).isoformat()

    assert asked(store, "", **{"from": before, "to": later})["items"] == []
    assert client(store).get("/api/v1/contracts/" + "0" * 32).status_code == 404


def test_what_was_learned_works_as_a_users_contract_once_it_is_committed(
    store: Store, load: Any, tmp_path: Path
) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    items = asked(store, "/learned")["items"]
    assert [one["x-boundary"]["side"] for one in items] == ["input", "output"]
    assert {one["$schema"] for one in items} == {"https://json-schema.org/draft/2020-12/schema"}
    (tmp_path / "learned.json").write_text(json.dumps(items))

    load(tool_call(700, order(700)), tool_call(701, order(701, state="lost")))
    committed = Recorded(store, *contracts_in(tmp_path))

    rows = committed.run()[-2:]
    assert [(row["source"], row["outcome"]) for row in rows] == [("user", "passed"), ("user", "broken")]


def test_boundaries_without_a_contract_take_no_room_in_what_is_exported(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "EXPORTED_MAX", 1)
    rows = [
        contract_row(
            Boundary("default", "tool", "buyer", name, "output", ""), "learned", version, schema=schema
        )
        for version, (name, schema) in enumerate([("look_up", '{"type": "object"}'), ("other", "")])
    ]
    store.insert("contracts", contracts_table(rows))

    (item,) = asked(store, "/learned")["items"]

    assert item["x-boundary"]["tool"] == "look_up"
