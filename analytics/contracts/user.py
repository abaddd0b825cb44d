"""User contracts: JSON Schemas that somebody wrote, or reviewed, for an agent, a tool or a hand-off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import orjson
from pydantic import ConfigDict, with_config

from analytics.contracts.boundary import Boundary, Side
from analytics.contracts.schema import InvalidSchemaError, Schema

BOUNDARY = "x-boundary"
_FILES_MAX = 2_000
_BYTES_MAX = 4 * 1024**2
_NAMES = ("tool", "handoff", "agent", "side", "project")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class UserContract:
    """What a boundary keeps, as configured.

    Parameters
    ----------
    tool, handoff, agent
        Which one: the calls of a tool, those of one agent where `agent` is said too; hand-offs to somebody,
        in the same way; or, by `agent` alone, that agent's own runs.
    side
        ``input``: arguments, or what is handed over; ``output``: what comes back.
    schema
        JSON Schema, as a table or as JSON text.
    project
        '' is every project.

    Raises
    ------
    ValueError
        It names no boundary or more than one, or the schema is none.
    """

    schema: str | dict[str, Any]
    tool: str = ""
    handoff: str = ""
    agent: str = ""
    side: Side = "output"
    project: str = ""

    def __post_init__(self) -> None:
        if not (self.tool or self.handoff or self.agent) or (self.tool and self.handoff):
            raise ValueError("a contract names a tool or a handoff, or an agent alone")
        if self.side not in get_args(Side):
            raise ValueError(f"the side of a contract is input or output, not {self.side!r}")
        try:
            _ = self.ready
        except InvalidSchemaError as error:
            raise ValueError(f"the schema of {self.named} cannot be used: {error}") from None

    @property
    def document(self) -> Any:
        """The schema as JSON values."""
        if not isinstance(self.schema, str):
            return self.schema
        try:
            return orjson.loads(self.schema)
        except orjson.JSONDecodeError as error:
            raise InvalidSchemaError(f"It is no JSON: {error}") from None

    @property
    def ready(self) -> Schema:
        """The schema to check by."""
        return _ready(orjson.dumps(self.document))

    @property
    def named(self) -> str:
        """The boundary as a person would name it."""
        return f"{self.tool or self.handoff or self.agent} ({self.side})"

    @property
    def name(self) -> str:
        """By what its calls are found."""
        return self.tool or self.handoff or self.agent

    def boundary(self, project: str) -> Boundary:
        """Return the boundary in a project, as far as it is named."""
        kind = "tool" if self.tool else "handoff" if self.handoff else "agent"
        return Boundary(project, kind, self.agent, self.tool or self.handoff, self.side, "")

    def holds_at(self, boundary: Boundary) -> bool:
        """Say whether it is about this boundary."""
        of = self.boundary(boundary.project)
        return (
            (boundary.kind, boundary.name, boundary.side) == (of.kind, of.name, of.side)
            and self.agent in {"", boundary.agent}
            and self.project in {"", boundary.project}
        )


@lru_cache(maxsize=4096)
def _ready(written: bytes) -> Schema:
    return Schema(orjson.loads(written))


def contracts_in(folder: Path) -> Iterator[UserContract]:
    """Yield the contracts of the ``.json`` files of a folder, each a schema or a list of them.

    Raises
    ------
    ValueError
        A file cannot be read, or what it holds is no contract; the message names it.
    """
    try:
        paths = sorted(folder.glob("*.json"))[: _FILES_MAX + 1]
        if not folder.is_dir() or len(paths) > _FILES_MAX:
            raise ValueError(f"{folder} is no folder of at most {_FILES_MAX:,} files")
        for path in paths:
            yield from _contracts_of(path)
    except OSError as error:
        raise ValueError(f"{error.filename} cannot be read: {error.strerror}") from None


def _contracts_of(path: Path) -> Iterator[UserContract]:
    if path.stat().st_size > _BYTES_MAX:
        raise ValueError(f"{path} is larger than {_BYTES_MAX:,} bytes")
    try:
        found = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path} is no JSON: {error}") from None
    for document in found if isinstance(found, list) else [found]:
        try:
            yield contract_of(document)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def contract_of(document: Any) -> UserContract:
    """Return the contract of a schema that says itself which boundary it is about."""
    where = document.get(BOUNDARY) if isinstance(document, Mapping) else None
    if not isinstance(where, Mapping) or not all(isinstance(one, str) for one in where.values()):
        raise ValueError(f'the schema does not say where it holds: "{BOUNDARY}": {{"tool": …, "side": …}}')
    if unknown := sorted(where.keys() - set(_NAMES)):
        raise ValueError(f"{BOUNDARY} has {unknown[0]!r}: it takes {', '.join(_NAMES)}")
    return UserContract(schema=dict(document), **where)


def boundary_of(boundary: Boundary) -> dict[str, str]:
    """Return how a schema says which boundary it is about; of every version and project."""
    names = {boundary.kind: boundary.name} if boundary.kind != "agent" else {}
    return {**names, **({"agent": boundary.agent} if boundary.agent else {}), "side": boundary.side}
