"""Contracts as files: what `doldrums contracts export` writes, and what the settings take."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from doldrums import contracts_command
from doldrums.__main__ import app
from doldrums.configuration import load_settings
from doldrums.contracts import user_contracts
from doldrums.errors import UserError

SCHEMA = {"type": "object", "required": ["id"]}


def learned(*boundaries: dict[str, str]) -> bytes:
    items = [{"x-boundary": one, "x-learned": {"calls": 700}, **SCHEMA} for one in boundaries]
    return json.dumps({"items": items}).encode()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> None:
    two = learned(
        {"tool": "look up", "agent": "../buyer", "side": "output"},
        {"tool": "look/up", "agent": "../buyer", "side": "output"},
    )
    monkeypatch.setattr(contracts_command, "ask", lambda *_, **__: two)


@pytest.mark.usefixtures("answer")
def test_contracts_are_printed_as_one_file_or_written_to_a_folder_that_settings_take(tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["contracts", "export"])
    written = CliRunner().invoke(app, ["contracts", "export", str(tmp_path / "contracts")])

    assert len(json.loads(printed.stdout)) == 2
    assert "Wrote 2 contracts" in written.stdout
    names = sorted(path.name for path in (tmp_path / "contracts").iterdir())
    assert names == ["buyer.look-up.output.5cb403bb.json", "buyer.look-up.output.e0f8626c.json"]
    config = tmp_path / "doldrums.toml"
    config.write_text(f'contracts_dir = "{tmp_path / "contracts"}"')
    found = user_contracts(load_settings(config))
    assert sorted(one.tool for one in found) == ["look up", "look/up"]


@pytest.mark.usefixtures("answer")
def test_a_file_that_a_person_corrected_stays(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["contracts", "export", str(tmp_path)])
    path = tmp_path / "buyer.look-up.output.e0f8626c.json"
    path.write_text("corrected")

    again = CliRunner().invoke(app, ["contracts", "export", str(tmp_path)])

    assert "2 files were there and stay" in again.stdout
    assert path.read_text() == "corrected"


def test_a_contract_stands_in_the_settings_file_as_a_table_or_as_text(tmp_path: Path) -> None:
    config = tmp_path / "doldrums.toml"
    config.write_text(
        '[[contracts]]\ntool = "look_up"\nschema = { type = "object", required = ["id"] }\n'
        '[[contracts]]\nagent = "buyer"\nside = "input"\nschema = \'{"type": "string"}\'\n'
    )
    settings = load_settings(config)

    assert [(one.named, one.document) for one in settings.contracts] == [
        ("look_up (output)", SCHEMA),
        ("buyer (input)", {"type": "string"}),
    ]
    # the supervisor hands its settings to its children so
    assert type(settings).model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            'tool = "a"\nschema = { type = 7 }',
            "the schema of a (output) cannot be used: It is no JSON Schema",
        ),
        ('tool = "a"\nschema = "{"', "It is no JSON"),
        ('schema = { type = "object" }', "a contract names a tool or a handoff, or an agent alone"),
        ('tool = "a"\nside = "middle"\nschema = {}', "input"),
        ('tool = "a"\nschema = { "$ref" = "https://evil.invalid" }', "refers to another document"),
        ('tol = "a"\nschema = {}', "there is no such key. Did you mean tool?"),
    ],
)
def test_a_contract_that_cannot_be_used_is_one_sentence(tmp_path: Path, written: str, said: str) -> None:
    config = tmp_path / "doldrums.toml"
    config.write_text(f"[[contracts]]\n{written}\n")

    with pytest.raises(UserError) as refused:
        load_settings(config)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "is no JSON"),
        (SCHEMA, "does not say where it holds"),
        ({"x-boundary": {"tool": "a", "project_id": "x"}}, "'project_id'"),
        ({"x-boundary": {"tool": 7}}, "does not say where it holds"),
        ([{"x-boundary": {"tool": "a"}, "type": 7}], "cannot be used"),
    ],
)
def test_a_file_that_is_no_contract_is_named(tmp_path: Path, document: Any, said: str) -> None:
    (tmp_path / "one.json").write_text(document if isinstance(document, str) else json.dumps(document))
    settings = load_settings(None, contracts_dir=tmp_path)

    with pytest.raises(UserError) as refused:
        user_contracts(settings)

    assert "one.json" in str(refused.value)
    assert said in str(refused.value)
