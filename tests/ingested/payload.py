"""What is sent: a capture, or a file of another project's fixtures."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from collector.otlp.signal import Signal

PROTOBUF, JSON = "application/x-protobuf", "application/json"


@dataclass(frozen=True)
class Request:
    """One export, byte for byte; `over` is the transport that it is sent by."""

    signal: Signal
    content_type: str
    body: bytes
    over: Literal["HTTP", "gRPC"] = "HTTP"

    @property
    def items(self) -> int:
        """Spans or log records in it, counted apart from the code that is tested."""
        if self.content_type == JSON:
            return _items_in(json.loads(self.body))
        sent = self.signal.request.FromString(self.body)
        return sum(len(_last(scope)) for each in _last(sent) for scope in _last(each))


@dataclass(frozen=True)
class Payload:
    """What came from one run or one test of somebody.

    Attributes
    ----------
    form
        In what form it is sent, and from what it was rebuilt where the file is in no form of OTLP.
    """

    name: str
    form: str
    requests: tuple[Request, ...]

    @property
    def spans(self) -> int:
        """Spans sent."""
        return sum(request.items for request in self.requests if request.signal is Signal.TRACES)

    @property
    def log_records(self) -> int:
        """Log records sent."""
        return sum(request.items for request in self.requests if request.signal is Signal.LOGS)


@dataclass(frozen=True)
class NoPayload:
    """A file that holds no span and no log record of OTLP, and why; it is sent all the same."""

    name: str
    reason: str
    body: bytes


def captured(name: str, files: Sequence[Path]) -> Payload:
    """Return the requests of a framework's exporter; every other protobuf request is sent over gRPC."""
    requests = [_captured(path, number) for number, path in enumerate(files)]
    forms = {f"{one.content_type} over {one.over}" for one in requests}
    return Payload(name, " and ".join(sorted(forms)), tuple(requests))


def _captured(path: Path, number: int) -> Request:
    signal = Signal.LOGS if ".logs." in path.name else Signal.TRACES
    if path.suffix == ".json":
        return Request(signal, JSON, path.read_bytes())
    return Request(signal, PROTOBUF, path.read_bytes(), "gRPC" if number % 2 else "HTTP")


def _items_in(document: dict[str, Any]) -> int:
    groups = [
        group.get("scopeSpans", []) + group.get("scopeLogs", [])
        for group in document.get("resourceSpans", []) + document.get("resourceLogs", [])
    ]
    scopes = [scope for group in groups for scope in group]
    return sum(len(scope.get("spans", [])) + len(scope.get("logRecords", [])) for scope in scopes)


def _last(message: Any) -> Any:
    """Return the repeated field of the message that leads to its spans or log records."""
    for name in ("resource_spans", "resource_logs", "scope_spans", "scope_logs", "spans", "log_records"):
        if name in message.DESCRIPTOR.fields_by_name:
            return getattr(message, name)
    raise AssertionError(message.DESCRIPTOR.full_name)
