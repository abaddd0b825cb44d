"""What a person reads in the fixtures: expected.toml."""

import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from tests.ingested.produced import Produced


@dataclass(frozen=True)
class Expected:
    """What stands in one payload; see the head of expected.toml."""

    kinds: dict[str, int]
    agents: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    tokens: tuple[int, int] = (0, 0)
    errors: int = 0
    sessions: int = 0
    users: int = 0


def expected(name: str) -> Expected:
    """Return what is expected of a file of the fixtures.

    Raises
    ------
    LookupError
        Nobody has read this file yet.
    """
    for pattern, facts in _facts().items():
        if fnmatch(name, pattern):
            return facts
    raise LookupError(f"tests/ingested/expected.toml says nothing of {name}")


def read(produced: Produced) -> Expected:
    """Return the same facts as the service tells them."""
    return Expected(
        kinds=dict(produced.kinds),
        agents=produced.names("agent"),
        tools=produced.names("tool"),
        models=produced.models,
        tokens=produced.tokens,
        errors=produced.errors,
        sessions=len(produced.names("session")),
        users=len(produced.names("user")),
    )


@cache
def _facts() -> dict[str, Expected]:
    document = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))
    plain = {name: Expected({"other": spans} if spans else {}) for name, spans in document["plain"].items()}
    return plain | {name: _one(row) for row in document["payload"] for name in row.pop("files")}


def _one(row: dict[str, Any]) -> Expected:
    return Expected(**{**row, "tokens": tuple(row.get("tokens", (0, 0)))})
