"""A case: one small span, and the canonical fields that it must yield (cases/*.toml)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.builders import request, span

_FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """What a span carries and what is read of it; fields not named here are not looked at.

    Parameters
    ----------
    root
        Whether the span has no parent.
    error
        The status message of a span in error.
    unknown
        Fields that must stay empty.
    """

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    yields: dict[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    span: str = "work"
    scope: str = "tests"
    resource: dict[str, Any] = field(default_factory=dict)
    root: bool = False
    error: str | None = None
    events: tuple[dict[str, Any], ...] = ()

    def request(self, span_id: bytes) -> ExportTraceServiceRequest:
        """Return the span as its own export."""
        sent = span(
            self.span,
            self.attributes,
            span_id=span_id,
            parent=b"" if self.root else b"\xff" * 8,
            error=self.error,
            events=[(event["name"], event["attributes"]) for event in self.events],
        )
        return request(sent, scope=self.scope, resource=self.resource)

    def contradictions(self, row: dict[str, Any]) -> list[str]:
        """Say what a row of `spans` has otherwise."""
        wrong = [
            f"{name} is {row[name]!r}, not {value!r}"
            for name, value in self.yields.items()
            if row[name] != value
        ]
        return wrong + [
            f"{name} is {row[name]!r}" for name in self.unknown if row[name] not in ("", None, [])
        ]


def read_cases() -> list[Case]:
    """Return all cases, in the order of the files."""
    return [case for file in sorted(_FOLDER.glob("*.toml")) for case in _cases(file)]


def _cases(file: Path) -> Iterator[Case]:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    for row in content.get("case", ()):
        named = {"name": f"{file.stem}: {row.pop('name')}"}
        yield Case(
            **named, **{key: tuple(v) if key in ("unknown", "events") else v for key, v in row.items()}
        )
    for row in content.get("kinds", ()):
        for value, kind in row["are"].items():
            name = f"{file.stem}: {row['attribute']} {value}"
            yield Case(name=name, attributes={row["attribute"]: value}, yields={"kind": kind})
