"""What a careful reader says each capture shows, written apart from the code that normalises it.

A label holds what the table of conventions says, read literally, unless ``doubts`` names the field:
there the table is silent or would mislead, and the label is what a person on call would call right.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
CAPTURES = tuple(sorted(file.stem for file in _FOLDER.glob("expected/*.toml")))


@dataclass(frozen=True)
class HandoffLabel:
    """One agent (or node of a graph) giving work to another.

    ``mode`` is ``pass_control``, or ``return_to_caller`` for an agent called like a tool; ``span_id`` is
    empty where no span can carry the hand-off; ``doubt`` says why the table might not yield it.
    """

    source: str
    target: str
    mode: str
    span_id: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class SpanLabel:
    """One span, pending ones unwrapped; an empty string is unknown or not applicable.

    ``session`` is that of the whole trace, ``user`` only what the span itself says. ``status`` is ``ok``
    for unset too, and for a wait on a human. Tokens are as reported on the span (None: not reported);
    ``tokens_counted`` spans make up the totals, so a model call that reports none is not among them.
    ``duplicate_of`` is the outer span of the same call, instrumented twice.
    """

    span_id: str
    name: str
    kind: str
    session: str
    parent_span_id: str = ""
    agent: str = ""
    tool: str = ""
    model: str = ""
    provider: str = ""
    user: str = ""
    state: str = "ended"
    status: str = "ok"
    error_type: str = ""
    error_contains: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    tokens_counted: bool = False
    handoff_to: str = ""
    waiting_on: str = ""
    duplicate_of: str = ""
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TraceLabel:
    """One trace: spans in pre-order, siblings by start; ``errors`` is the number of spans in error."""

    trace_id: str
    spans: tuple[SpanLabel, ...]
    agents: frozenset[str]
    input_tokens: int
    output_tokens: int
    errors: int
    session: str = ""
    user: str = ""
    missing_parents: tuple[str, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaptureLabel:
    """One capture: traces by first start, and totals over them."""

    name: str
    traces: tuple[TraceLabel, ...]
    agents: frozenset[str]
    input_tokens: int
    output_tokens: int
    errors: int
    handoffs: tuple[HandoffLabel, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def spans(self) -> tuple[SpanLabel, ...]:
        return tuple(span for trace in self.traces for span in trace.spans)


def capture_label(name: str) -> CaptureLabel:
    content = tomllib.loads((_FOLDER / "expected" / f"{name}.toml").read_text())
    content["agents"] = frozenset(content["agents"])
    content["traces"] = tuple(_trace_label(trace) for trace in content["traces"])
    content["handoffs"] = tuple(HandoffLabel(**handoff) for handoff in content.get("handoffs", ()))
    content["notes"] = tuple(content.get("notes", ()))
    return CaptureLabel(name=name, **content)


def capture_requests(name: str) -> tuple[Path, ...]:
    """Return the capture's OTLP requests (``.pb``, or ``.json`` of the JSON exporter) in arrival order."""
    return tuple(sorted((_FOLDER / "requests" / name).glob("*.traces.*")))


def _trace_label(content: dict[str, Any]) -> TraceLabel:
    session = content.get("session", "")
    content["spans"] = tuple(SpanLabel(session=session, **span) for span in content["spans"])
    content["agents"] = frozenset(content["agents"])
    content["missing_parents"] = tuple(content.get("missing_parents", ()))
    return TraceLabel(**content)
