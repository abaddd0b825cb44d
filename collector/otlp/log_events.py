"""The events whose log records belong to spans, read from log_events.toml."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

_NAME_CHARACTERS_MAX = 128


@dataclass(frozen=True)
class LogEvent:
    """A row of the table; see its head."""

    name: str
    kind: Literal["content", "exception", "lifecycle"]
    input: Sequence[str] = ()
    output: Sequence[str] = ()
    message: Literal["", "input", "output"] = ""
    role: str = ""

    def fits(self, name: str) -> bool:
        """Whether this is the event of that name."""
        return name == self.name or (self.name.endswith("*") and name.startswith(self.name[:-1]))


@dataclass(frozen=True)
class Heartbeat:
    """How a record says that it reports a span."""

    attribute: str
    open: Sequence[str]
    ended: Sequence[str]


@dataclass(frozen=True)
class LogEvents:
    """The whole table."""

    event: Sequence[LogEvent]
    heartbeat: Heartbeat
    names_in: Sequence[str]
    names_in_bodies: Sequence[str]
    exceptions: Sequence[str]

    def named(self, name: str) -> LogEvent | None:
        """Return the first event that fits; None where there is none."""
        return next((event for event in self.event if event.fits(name)), None)

    def name_of(self, record: LogRecord) -> str:
        """Return the name under which a record is kept; '' where it belongs to no span.

        Examples
        --------
        >>> log_events().name_of(LogRecord(event_name="gen_ai.choice"))
        'gen_ai.choice'
        >>> log_events().name_of(LogRecord(event_name="browser.page_view"))
        ''
        """
        said = self._said(record)
        if said and len(said) <= _NAME_CHARACTERS_MAX and self.named(said):
            return said
        return "exception" if any(pair.key in self.exceptions for pair in record.attributes) else ""

    def _said(self, record: LogRecord) -> str:
        body = record.body.string_value
        if body.startswith(tuple(self.names_in_bodies)):
            return body
        if record.event_name:
            return record.event_name
        named = (pair.value.string_value for pair in record.attributes if pair.key in self.names_in)
        return next(named, "")


@cache
def log_events() -> LogEvents:
    """Read the table.

    Raises
    ------
    TypeError
        A row uses a word that the head of the file does not list.
    """
    table = tomllib.loads(files(__package__).joinpath("log_events.toml").read_text(encoding="utf-8"))
    rows = [LogEvent(**row) for row in table.pop("event")]
    return LogEvents(event=rows, heartbeat=Heartbeat(**table.pop("heartbeat")), **table)
