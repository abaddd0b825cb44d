"""The table of conventions as Python values: read once, checked once."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

FieldType = Literal["text", "count", "number", "words"]


@dataclass(frozen=True)
class Source:
    """One place where a value may stand, and when it counts. See the head of table.toml."""

    key: str | None = None
    resource: str | None = None
    json: str | None = None
    path: tuple[str | int, ...] = ()
    members: str | None = None
    sum: tuple[str, ...] = ()
    name: str | bool | None = None
    status: str | None = None
    event: str | None = None
    prefix: str | None = None
    literal: str | None = None
    decode: bool = False
    strip: str | None = None
    pattern: str | None = None
    becomes: str | None = None
    milliseconds: bool = False
    not_value: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    scope: str | None = None
    equals: dict[str, str] = field(default_factory=dict)
    equals_json: dict[str, Any] = field(default_factory=dict)
    same_name: "Source | None" = None
    has: tuple[str, ...] = ()
    has_any: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    root: bool = False
    error: bool = False

    def attributes(self) -> Iterator[str]:
        """Every span attribute that this source reads, conditions included."""
        if self.event is None and self.key:
            yield self.key
        if self.json:
            yield self.json
        yield from (*self.sum, *self.equals, *self.has, *self.has_any, *self.missing)
        if self.equals_json:
            yield self.equals_json["json"]
        if self.same_name:
            yield from self.same_name.attributes()

    @property
    def plain(self) -> bool:
        """Whether this is an attribute and nothing else."""
        return self == Source(key=self.key) and self.key is not None


@dataclass(frozen=True)
class KindRule:
    """A source whose value names the kind, or conditions that say it."""

    note: str
    source: Source
    map: dict[str, str]
    kind: str | None


@dataclass(frozen=True)
class Field:
    """A canonical field and its sources in order."""

    name: str
    about: str
    sources: tuple[Source, ...]
    type: FieldType = "text"
    lower: bool = False
    strip: str | None = None
    kinds: tuple[str, ...] = ()
    map: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """All rules, in the order of the file."""

    kinds: tuple[KindRule, ...]
    fields: tuple[Field, ...]

    def attributes(self) -> list[str]:
        """Every attribute that any rule reads, each once, in order of appearance."""
        sources = [rule.source for rule in self.kinds] + [s for f in self.fields for s in f.sources]
        return list(dict.fromkeys(name for source in sources for name in source.attributes()))


@cache
def table() -> Table:
    """Read table.toml.

    Raises
    ------
    TypeError
        A row uses a word that the head of the file does not list.
    """
    data = tomllib.loads(files(__package__).joinpath("table.toml").read_text(encoding="utf-8"))
    return Table(
        kinds=tuple(_kind(dict(row)) for row in data["kind"]),
        fields=tuple(_field(name, dict(row)) for name, row in data["field"].items()),
    )


def _kind(row: dict[str, Any]) -> KindRule:
    note, mapping, kind = row.pop("note", ""), row.pop("map", {}), row.pop("kind", None)
    return KindRule(note=note, source=_source(row), map=mapping, kind=kind)


def _field(name: str, row: dict[str, Any]) -> Field:
    sources = tuple(_source(source) for source in row.pop("sources"))
    return Field(name=name, sources=sources, kinds=tuple(row.pop("kinds", ())), **row)


def _source(row: str | dict[str, Any]) -> Source:
    if isinstance(row, str):
        return Source(key=row)
    renamed = {"is": "equals", "is_json": "equals_json"}
    named = ((renamed.get(key, key), value) for key, value in row.items())
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in named}
    if "same_name" in values:
        values["same_name"] = _source(values["same_name"])
    return Source(**values)
