"""Reads the settings from the environment and from doldrums.toml; the environment wins.

pydantic-settings passes over a misspelt variable in silence; here it is an error that names
the nearest right one.
"""

import json
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError

from analytics.alerts.webhook import Webhook
from analytics.contracts.user import UserContract
from collector.redaction.own import OwnRule
from doldrums.errors import UserError
from doldrums.settings import ENVIRONMENT_PREFIX, Settings

DEFAULT_FILE = Path("doldrums.toml")
# What pydantic calls a key that a webhook does not have.
_UNKNOWN_KEY = "unexpected_keyword_argument"
# Settings that are lists of tables.
_TABLES = {"webhooks": Webhook, "redaction_rules": OwnRule, "contracts": UserContract}
# Types whose names are Python's, in the words of TOML and JSON.
_TYPES = {
    "tuple_type": "it should be a list",
    "dict_type": "it should be names of projects with their days",
    "path_type": "it should be a path, as text",
}


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{ENVIRONMENT_PREFIX}{name.upper()}"


VARIABLES = {variable(name): name for name in Settings.model_fields}


def load_settings(config: Path | None = None, **fixed: Any) -> Settings:
    """Return the settings as file and environment say them.

    Parameters
    ----------
    config
        File named on the command line; without it ./doldrums.toml, when there is one.
    fixed
        Values that a command insists on; they win over both.

    Raises
    ------
    UserError
        A name is unknown or a value is wrong.
    """
    path = config or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    in_file = _read_file(path) if path else {}
    in_environment = _read_environment()
    origins = {name: f"{name} in {path}" for name in in_file}
    origins |= {name: variable(name) for name in in_environment}
    try:
        return Settings(**{**in_file, **in_environment, **fixed})
    except ValidationError as error:
        raise UserError(_sentence(error, origins)) from None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"The settings file {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"The settings file {path} is not TOML: {error}.") from None
    for name in values:
        if name not in Settings.model_fields:
            raise UserError(f"{path} has an unknown setting {name}.{_nearest(name, Settings.model_fields)}")
    return values


def _read_environment() -> dict[str, Any]:
    for given in sorted(os.environ):
        # the prefix without its last letters: DOLDRUM_DATA_DIR is a misspelling too
        if given.upper().startswith(ENVIRONMENT_PREFIX[:-2]) and given.upper() not in VARIABLES:
            name = given.upper().removeprefix(ENVIRONMENT_PREFIX).lower()
            advice = _nearest(name, Settings.model_fields, written=variable)
            raise UserError(f"The environment has an unknown setting {given}.{advice}")
    try:
        return EnvSettingsSource(Settings)()
    except SettingsError as error:
        name = next(name for name in _TABLES if f'"{name}"' in str(error))
        table = dict.fromkeys(_keys(name), "...")
        raise UserError(f"{variable(name)} is not JSON: write it as {json.dumps([table])}.") from None


def _nearest(name: str, known: Iterable[str], written: Callable[[str], str] = str) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0.5)
    return f" Did you mean {written(nearest[0])}?" if nearest else " docs/settings.md lists them all."


def _sentence(error: ValidationError, origins: Mapping[str, str]) -> str:
    """Return the first thing that is wrong; never a value that may hold a password."""
    # a key that is unknown explains the one that is missing
    first = min(error.errors(include_url=False), key=lambda wrong: wrong["type"] != _UNKNOWN_KEY)
    own_words = first.get("ctx", {}).get("error")
    if not first["loc"]:
        return f"The settings contradict each other: {own_words}."
    name, *inside = (str(part) for part in first["loc"])
    place = ", ".join([origins.get(name, name), *inside])
    if first["type"] == _UNKNOWN_KEY:
        return f"{place}: there is no such key.{_nearest(inside[-1], _keys(name))}"
    if first["type"] == "dataclass_type":
        *keys, last = _keys(name)
        return f"{place}: it should have {', '.join(keys)} and {last}."
    reason = own_words or _TYPES.get(first["type"]) or _plain(first["msg"])
    shown = f" is {first['input']!r}" if Settings.model_fields[name].repr else ""
    return f"{place}{shown}: {reason}."


def _keys(name: str) -> list[str]:
    """Return the keys of one table of a setting."""
    return [field.name for field in fields(_TABLES[name])]


def _plain(message: str) -> str:
    """Say what pydantic says; that it was "unable to parse string as an integer" says the same again."""
    return message.partition(", unable")[0].replace("Input should", "it should").replace("Field", "it is")
