"""What is written down of calls that are held against contracts; through real loading and assembly."""

import json
import os
from typing import Any

import pytest

from analytics.contracts import book, deviation, recorder
from analytics.contracts import told as told_schema
from analytics.contracts.boundary import Boundary
from analytics.contracts.payload import payload
from analytics.contracts.user import UserContract
from collector.store.store import Store
from tests.analytics.contracts.calls import Recorded, order, orders, tool_call
from tests.builders import span

SCHEMA = {
    "type": "object",
    "required": ["id", "amount"],
    "properties": {"state": {"enum": ["open", "paid"]}, "amount": {"type": "number"}},
}
WRITTEN = UserContract(schema=SCHEMA, tool="look_up")


def test_a_break_of_a_users_contract_says_path_expected_and_got(store: Store, load: Any) -> None:
    load(
        tool_call(0, {"id": "A", "amount": 3}),
        tool_call(1, {"id": "A", "amount": "3"}),
        tool_call(2, {"id": "A"}),
        tool_call(3, {"id": "A", "amount": 1, "state": "lost"}),
        tool_call(4, '{"id": "A", "amou'),
        tool_call(5, " "),
    )

    rows = Recorded(store, WRITTEN).run()

    assert [row["outcome"] for row in rows] == ["passed", *["broken"] * 5]
    assert {row["source"] for row in rows} == {"user"}
    assert [row["violations"] for row in rows[1:]] == [
        [("$.amount", "type", "number", "string", '"3"')],
        [("$.amount", "missing", "present", "nothing", "nothing")],
        [("$.state", "enum", 'one of "open", "paid"', "string", '"lost"')],
        [("$", "unparsable", "object", "string", '"{"id": "A", "amou"')],
        [("$", "empty", "object", "nothing", "nothing")],
    ]


def test_what_was_cut_redacted_or_failed_is_no_break(store: Store, load: Any) -> None:
    long = json.dumps({"id": "A", "amount": 1, "text": "x" * 300_000})
    load(tool_call(0, long))
    load(
        tool_call(1, '{"id": "A", "text": "' + "x" * 491),
        tool_call(2, '{"id": "A", "amount": 3, "na...'),
        tool_call(3, '{"id": [redacted: card-number], "amo'),
        tool_call(4, {"error": "no such order"}),
        tool_call(5, "Traceback (most recent call last): ..."),
        tool_call(6, {"wrong": 1}, error="TimeoutError"),
    )

    rows = Recorded(store, WRITTEN).run()

    # the last three failed: what comes back from them is no result
    assert [row["outcome"] for row in rows] == ["unknown"] * 4


def test_a_long_result_is_read_from_its_pieces(store: Store, load: Any) -> None:
    rows = [order(number) for number in range(40)]
    load(tool_call(0, rows), tool_call(1, [*rows, {"id": 7}]))
    items = {"type": "array", "items": {"required": ["amount"]}}

    found = Recorded(store, UserContract(schema=items, tool="look_up")).run()

    assert [row["outcome"] for row in found] == ["passed", "broken"]
    assert found[1]["violations"][0][:2] == ("$[].amount", "missing")


DEFINED = '{"name": "look_up", "parameters": SCHEMA}'
LONG = '{"name": "look_up", "parameters": SCHEMA, "description": "' + "x" * 5_000 + '"}'
FUNCTIONS = "llm.request.functions.0"


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.tool.definitions": f"[{DEFINED}]"},
        {"gen_ai.tool.definitions": f'[{{"type": "function", "function": {DEFINED}}}]'},
        {"gen_ai.tool.definitions": f"[{LONG}, {LONG}]"},
        {"llm.tools.0.tool.json_schema": '{"name": "look_up", "input_schema": SCHEMA}'},
        {f"{FUNCTIONS}.name": "look_up", f"{FUNCTIONS}.parameters": "SCHEMA"},
        {
            "model_request_parameters": '{"function_tools": [{"name": "look_up",'
            ' "parameters_json_schema": SCHEMA}]}'
        },
        {"ai.prompt.tools": ['{"type": "function", "name": "look_up", "inputSchema": SCHEMA}']},
    ],
)
def test_a_tools_own_schema_that_a_trace_brought_holds(
    store: Store, load: Any, attributes: dict[str, Any]
) -> None:
    schema = json.dumps({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}})
    said = {
        key: [one.replace("SCHEMA", schema) for one in text]
        if isinstance(text, list)
        else text.replace("SCHEMA", schema)
        for key, text in attributes.items()
    }
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.agent.name": "buyer"}
    load(
        span("chat m", model | said),
        tool_call(0, None, {"id": "A"}),
        tool_call(1, None, {"id": 7}),
        tool_call(2, None, {"id": "A"}, agent="another"),
    )

    rows = Recorded(store).run()

    assert [(row["source"], row["outcome"]) for row in rows] == [
        ("tool", "passed"),
        ("tool", "broken"),
        ("", "unknown"),
    ]
    assert rows[1]["violations"] == [("$.id", "type", "string", "integer", "7")]


def test_a_schema_that_cannot_be_used_is_kept_with_the_reason(store: Store, load: Any) -> None:
    told = '[{"name": "look_up", "parameters": {"type": "object", "$ref": "https://evil.invalid/x"}}]'
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.agent.name": "buyer"}
    load(span("chat m", model | {"gen_ai.tool.definitions": told}), tool_call(0, None, {"id": "A"}))

    Recorded(store).run()

    (row,) = store.query("SELECT problem FROM contracts FINAL WHERE source = 'tool'")
    assert "refers to another document" in row["problem"]


NESTED = '{"properties": {"a": ' * 300 + "{}" + "}}" * 300
NO_LIST = '{"$defs": {"q": {}}, "$ref": "#/$defs/q", "allOf": 5}'


@pytest.mark.parametrize(("schema", "said"), [(NESTED, "nested too deeply"), (NO_LIST, "allOf is a list")])
def test_a_schema_that_fails_by_itself_holds_up_nothing(
    store: Store, load: Any, schema: str, said: str
) -> None:
    usable = '{"name": "look_up", "parameters": {"type": "object"}}'
    told = f'[{{"name": "broken", "parameters": {schema}}}, {usable}]'
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.agent.name": "buyer"}
    load(span("chat m", model | {"gen_ai.tool.definitions": told}), tool_call(0, None, {"id": "A"}))

    (row,) = Recorded(store).run()

    assert (row["source"], row["outcome"]) == ("tool", "passed")
    problems = store.query("SELECT problem FROM contracts FINAL WHERE name = 'broken'")
    assert [said in row["problem"] for row in problems] == [True]
    assert Recorded(store).book.told_at(Boundary("default", "tool", "buyer", "look_up", "input", ""))


def test_a_call_that_fails_in_checking_is_left_out_alone(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(text: str, *, words: bool = False) -> Any:
        if "bad" in text:
            raise TypeError
        return payload(text, words=words)

    monkeypatch.setattr("analytics.contracts.recorder.payload", fails)
    load(tool_call(0, {"id": "bad"}), tool_call(1, {"id": "A", "amount": 1}))

    rows = Recorded(store, WRITTEN).run()

    assert [row["outcome"] for row in rows] == ["passed"]


def test_a_schema_that_is_not_about_what_is_captured_gives_way(store: Store, load: Any) -> None:
    told = '[{"name": "look_up", "parameters": {"type": "object", "required": ["q"]}}]'
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.agent.name": "buyer"}
    load(
        span("chat m", model | {"gen_ai.tool.definitions": told}),
        *(tool_call(number, None, {"wrapped": {"q": number}}) for number in range(30)),
    )

    rows = Recorded(store).run()

    assert [row["source"] for row in rows].count("tool") == 21


def test_a_break_of_what_was_learned_is_found_and_new_names_are_none(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    renamed = order(701)
    renamed["sum"] = renamed.pop("amount")
    load(
        tool_call(700, order(700, note="new")),
        tool_call(701, renamed),
        tool_call(702, order(702, amount="12")),
        tool_call(703, order(703, state="lost")),
        tool_call(704, order(704, items=[{"sku": "S-1"}])),
        tool_call(705, json.dumps(order(705))[:30]),
        tool_call(706, order(706)),
    )

    rows = [row for row in recorded.run() if row["side"] == "output"][700:]

    assert [row["source"] for row in rows] == ["learned"] * 7
    assert [[one[:2] for one in row["violations"]] for row in rows] == [
        [],
        [("$.amount", "missing")],
        [("$.amount", "type")],
        [("$.state", "enum")],
        [("$.items[].count", "missing")],
        [("$", "unparsable")],
        [],
    ]


@pytest.fixture(autouse=True)
def _every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("SAMPLE_MAX", "LEARNING_MAX"):
        monkeypatch.setattr(recorder, bound, 10_000)
    monkeypatch.setattr(deviation, "SURE_CALLS_MIN", 600)


def test_the_same_deviation_twenty_times_in_a_row_is_usual_from_then_on(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()

    load(*(tool_call(700 + number, order(number, amount=str(number))) for number in range(30)))
    rows = [row for row in recorded.run() if row["side"] == "output"][700:]

    assert [row["outcome"] for row in rows] == ["usual"] * 20 + ["passed"] * 10
    (kept,) = store.query("SELECT drifts FROM contracts FINAL WHERE side = 'output'")
    assert kept["drifts"] == 1


def test_what_is_said_anew_of_earlier_calls_leaves_out_erased_traces(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()
    erased = os.urandom(16)
    load(tool_call(700, order(700, amount=None), trace_id=erased))
    recorded.run()
    store.command(f"INSERT INTO erased_traces SELECT 'default', unhex('{erased.hex()}'), 'e', now()")
    gone = f"trace_id = unhex('{erased.hex()}')"
    store.command(f"ALTER TABLE contract_calls DELETE WHERE {gone} SETTINGS mutations_sync = 2")

    load(*(tool_call(701 + number, order(number, amount=None)) for number in range(19)))
    rows = recorded.run()

    assert [row["outcome"] for row in rows][-19:] == ["usual"] * 19
    assert store.query(f"SELECT count() AS n FROM contract_calls WHERE {gone}")[0]["n"] == 0


def test_projects_take_turns_in_saying_what_tools_they_have(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "ASKED_ROWS_MAX", 2)
    told = '[{"name": "look_up", "parameters": {"type": "object"}}]'
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.tool.definitions": told}
    load(
        *(span("chat m", model | {"gen_ai.agent.name": f"a{number}"}) for number in range(30)), project="one"
    )
    load(span("chat m", model | {"gen_ai.agent.name": "buyer"}), project="two")

    recorded = Recorded(store)
    recorded.run()

    assert recorded.book.told_at(Boundary("two", "tool", "buyer", "look_up", "input", ""))


def test_what_was_given_up_for_others_is_read_again(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "PROJECT_MAX", 2)
    recorded = Recorded(store)
    for tool in ("look_up", "other", "third", "fourth", "look_up"):
        load(tool_call(0, {"id": "A"}, tool=tool))
        recorded.run()

    rows = store.query("SELECT name, calls FROM contracts FINAL ORDER BY name")

    assert [(row["name"], row["calls"]) for row in rows] == [
        ("fourth", 1),
        ("look_up", 2),
        ("other", 1),
        ("third", 1),
    ]


def test_a_tools_schema_that_is_in_use_is_written_again_for_retention(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = '[{"name": "look_up", "parameters": {"type": "object"}}]'
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.agent.name": "buyer"}
    load(span("chat m", model | {"gen_ai.tool.definitions": told}), tool_call(0, None, {"id": "A"}))
    recorded = Recorded(store)
    recorded.run()
    (before,) = store.query("SELECT version, schema FROM contracts FINAL WHERE source = 'tool'")

    monkeypatch.setattr(told_schema, "_RENEW_EVERY_S", 0.0)
    load(tool_call(1, None, {"id": "A"}))
    recorded.run()

    (after,) = store.query("SELECT version, schema FROM contracts FINAL WHERE source = 'tool'")
    assert after["schema"] == before["schema"]
    assert after["version"] > before["version"]


def test_half_a_character_is_kept_as_a_mark_and_what_cannot_be_kept_drops_out_alone(
    store: Store, load: Any
) -> None:
    load(tool_call(0, '{"caf\\ud83d": 1}'), tool_call(1, {"id": "A"}, tool="other"))
    recorded = Recorded(store)
    recorded.run()

    assert '"caf?"' in store.query("SELECT learned FROM contracts FINAL WHERE name = 'look_up'")[0]["learned"]
    store.command("TRUNCATE TABLE contracts")
    for tool in ("look_up", "other"):
        learned = recorded.book.learned_at(Boundary("default", "tool", "buyer", tool, "output", ""))
        learned.shape.types["\ud83d" if tool == "look_up" else "string"] += 1
    recorded.book.keep(at_once=True)
    assert [row["name"] for row in store.query("SELECT name FROM contracts FINAL")] == ["other"]


def test_a_new_version_is_learned_for_itself(store: Store, load: Any) -> None:
    recorded = Recorded(store)
    load(*orders(700))
    recorded.run()

    load(tool_call(700, {"ordered": 1}, attributes={"gen_ai.agent.version": "2"}))
    (row,) = [row for row in recorded.run() if row["agent_version"] == "2"]

    assert (row["source"], row["outcome"]) == ("", "unknown")


def test_a_trace_that_grows_is_counted_once_and_so_is_what_is_recorded_again(store: Store, load: Any) -> None:
    trace_id = os.urandom(16)
    recorded = Recorded(store)
    load(tool_call(0, order(0), trace_id=trace_id))
    recorded.run()
    load(tool_call(1, order(1), trace_id=trace_id))
    recorded.run()
    store.command("TRUNCATE TABLE assembled")

    rows = Recorded(store).run()

    assert len(rows) == 2
    (kept,) = store.query("SELECT calls FROM contracts FINAL")
    assert kept["calls"] == 2


def test_what_was_learned_outlives_the_process(store: Store, load: Any) -> None:
    load(*orders(700))
    Recorded(store).run()

    load(tool_call(700, order(700, amount=None)))

    assert Recorded(store).run()[-1]["violations"][0][:2] == ("$.amount", "type")


def test_of_a_boundary_some_calls_are_checked_and_all_of_those_that_a_user_named(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("SAMPLE_MAX", "LEARNING_MAX"):
        monkeypatch.setattr(recorder, bound, 10)
    monkeypatch.setattr(recorder, "CALLS_MAX", 7)
    load(*orders(30), *orders(30, tool="other"))

    rows = Recorded(store, WRITTEN).run()

    assert [row["name"] for row in rows if row["side"] == "output"].count("look_up") == 30
    assert [row["name"] for row in rows if row["side"] == "output"].count("other") == 10
