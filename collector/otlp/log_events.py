"""The events whose log records belong to spans, read from log_events.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from opentelemetry.proto.common.v1.common_pb2 import AnyValue
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


@dataclass(frozen=True)
class Heartbeat:
    """How a record says that it reports a span."""

    attribute: str
    open: Sequence[str]
    ended: Sequence[str]


class LogEvents:
    """The whole table.

    Parameters
    ----------
    table
        What log_events.toml says.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        events = [LogEvent(**row) for row in table["event"]]
        self.heartbeat = Heartbeat(**table["heartbeat"])
        self._exceptions = frozenset(table["exceptions"])
        self._names_in = tuple(table["names_in"])
        self._names_in_bodies = tuple(table["names_in_bodies"])
        self._whole = {event.name: event for event in events if not event.name.endswith("*")}
        self._beginnings = [(event.name[:-1], event) for event in events if event.name.endswith("*")]

    def named(self, name: str) -> LogEvent | None:
        """Return the event of that name; None where it is none of the table's."""
        if event := self._whole.get(name):
            return event
        return next((event for beginning, event in self._beginnings if name.startswith(beginning)), None)

    def name_of(self, record: LogRecord, attributes: Mapping[str, AnyValue]) -> str:
        """Return the name under which a record is kept; '' where it belongs to no span.

        Parameters
        ----------
        attributes
            The record's, by name.

        Examples
        --------
        >>> log_events().name_of(LogRecord(event_name="gen_ai.choice"), {})
        'gen_ai.choice'
        >>> log_events().name_of(LogRecord(event_name="browser.page_view"), {})
        ''
        """
        said = self._said(record, attributes)
        if said and len(said) <= _NAME_CHARACTERS_MAX and self.named(said):
            return said
        return "" if self._exceptions.isdisjoint(attributes) else "exception"

    def _said(self, record: LogRecord, attributes: Mapping[str, AnyValue]) -> str:
        body: str = record.body.string_value
        if body.startswith(self._names_in_bodies):
            return body
        named = (attributes[name].string_value for name in self._names_in if name in attributes)
        return record.event_name or next(named, "")


@cache
def log_events() -> LogEvents:
    """Read the table.

    Raises
    ------
    TypeError
        A row uses a word that the head of the file does not list.
    """
    text = files(__package__).joinpath("log_events.toml").read_text(encoding="utf-8")
    return LogEvents(tomllib.loads(text))
