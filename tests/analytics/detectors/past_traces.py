"""Traces of the last days as trees, `agent("planner", agent("coder", tool("test")))`, and a look at them."""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.assembly.assembler import Assembler
from analytics.detectors.detector import Detector, Outcome, Window
from analytics.findings.judgement import Key
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.builders import SECOND, span

BEGAN_NS = time.time_ns() // SECOND * SECOND - 3_600 * SECOND
LATER = datetime.fromtimestamp(BEGAN_NS / 1e9 + 3_600, UTC)


@dataclass(frozen=True)
class Part:
    """A span with what is below it: one thing after the other, each a second long or as long as its parts."""

    name: str
    attributes: dict[str, Any]
    below: tuple["Part", ...] = ()
    error: str | None = None
    seconds: float = 1.0

    @property
    def duration_ns(self) -> int:
        return max(int(self.seconds * SECOND), sum(part.duration_ns for part in self.below))


def agent(name: str, *below: Part, **more: Any) -> Part:
    return Part(
        f"invoke_agent {name}",
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name},
        below,
        **more,
    )


def tool(name: str, *below: Part, **more: Any) -> Part:
    return Part(
        f"execute_tool {name}",
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name},
        below,
        **more,
    )


def model(name: str, **more: Any) -> Part:
    said = {"gen_ai.operation.name": "chat", "gen_ai.request.model": name, "gen_ai.provider.name": "openai"}
    return Part(f"chat {name}", said, **more)


def waiting(target: str, kind: str = "agent", timeout_s: float | None = None, **more: Any) -> Part:
    said = {"doldrums.wait.on": target, "doldrums.wait.kind": kind}
    return Part(
        f"wait for {target}", said | ({"doldrums.wait.timeout_s": timeout_s} if timeout_s else {}), **more
    )


def handing_over(target: str) -> Part:
    said = {"gen_ai.operation.name": "handoff", "gen_ai.handoff.to_agent": target}
    return Part(f"handoff to {target}", said)


def failing(part: Part, kind: str = "ToolError") -> Part:
    """Return the same part, ended in error."""
    return replace(part, error="it failed", attributes=part.attributes | {"error.type": kind})


def spans_of(root: Part, began_ns: int) -> Iterator[Span]:
    """Yield the spans of a trace."""
    trace_id = os.urandom(16)

    def spans(part: Part, parent: bytes, start_ns: int) -> Iterator[Span]:
        span_id = os.urandom(8)
        yield span(
            part.name,
            part.attributes,
            trace_id=trace_id,
            span_id=span_id,
            parent=parent,
            start_ns=start_ns,
            end_ns=start_ns + part.duration_ns,
            error=part.error,
        )
        for child in part.below:
            yield from spans(child, span_id, start_ns)
            start_ns += child.duration_ns

    yield from spans(root, b"", began_ns)


@dataclass
class Past:
    """What happened, and how a detector sees it."""

    store: Store
    load: Any
    detector: Detector

    def add(
        self, roots: Iterable[Part], *, project: str = "default", at_ns: int = BEGAN_NS, apart_s: float = 0.01
    ) -> None:
        """Load and assemble traces, each begun a little after the one before."""
        told = [spans_of(root, at_ns + int(number * apart_s * SECOND)) for number, root in enumerate(roots)]
        self.load(*(one for spans in told for one in spans), project=project)
        Assembler(self.store).run_once()

    def window(self, watched: frozenset[Key] = frozenset()) -> Window:
        return Window(LATER, watched)

    def look(self, watched: frozenset[Key] = frozenset()) -> Outcome:
        window = self.window(watched)
        rows = self.store.query(self.detector.sql, self.detector.parameters(window))
        return self.detector.detect(rows, window, limits())
