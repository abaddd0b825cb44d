"""A trace as agents send it: calls one after another on a clock of its own, as OTLP spans."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.analytics.rows import ago
from tests.builders import SECOND, span


class Conversation:
    """Collects the spans of one trace; each call begins where the one before it ended.

    Parameters
    ----------
    content
        Whether what goes in and comes out is captured.
    began_s_ago
        Of the first span, before `rows.NOW`.
    """

    def __init__(self, *, content: bool = True, began_s_ago: float = 600) -> None:
        self.trace_id = os.urandom(16)
        self.root = os.urandom(8)
        self.spans: list[Span] = []
        self._content = content
        self._began_ns = self.now_ns = int(ago(began_s_ago).timestamp()) * SECOND
        self._calls = 0

    def pause(self, seconds: float) -> None:
        """Nothing happens for so long."""
        self.now_ns += int(seconds * SECOND)

    def model(
        self,
        says: str = "",
        *,
        asked: str = "",
        answer: str = "",
        agent: str = "coder",
        parent: bytes = b"",
        input_tokens: int = 100,
    ) -> None:
        """A model decides, or answers, in a second."""
        self._calls += 1
        message = {
            "role": "assistant",
            "parts": [{"type": "tool_call", "id": f"call_{self._calls}", "name": says}],
        }
        self._add(
            "chat",
            {
                "gen_ai.request.model": "m",
                "gen_ai.usage.input_tokens": input_tokens,
                "gen_ai.usage.output_tokens": 10,
            },
            {"gen_ai.output.messages": json.dumps([message]) if says else answer}
            | ({"gen_ai.input.messages": asked} if asked else {}),
            agent=agent,
            parent=parent,
            seconds=1.0,
        )

    def tool(
        self,
        tool: str,
        arguments: Any = None,
        result: Any = None,
        *,
        agent: str = "coder",
        parent: bytes = b"",
        seconds: float = 0.2,
        error: str | None = None,
        **attributes: Any,
    ) -> bytes:
        """A tool is called."""
        known = {
            "gen_ai.tool.call.arguments": json.dumps(arguments),
            "gen_ai.tool.call.result": json.dumps(result),
        }
        said = {key: text for key, text in known.items() if text != "null"}
        about = {"gen_ai.tool.name": tool} | ({"error.type": error} if error else {}) | attributes
        return self._add(
            "execute_tool", about, said, agent=agent, parent=parent, seconds=seconds, error=error
        )

    def handoff(self, agent: str, to: str, parent: bytes = b"") -> bytes:
        """An agent hands over."""
        return self._add(
            "handoff", {"gen_ai.handoff.to_agent": to}, {}, agent=agent, parent=parent, seconds=0.01
        )

    @contextmanager
    def turn(
        self,
        agent: str,
        question: str = "",
        answer: str = "",
        parent: bytes = b"",
        operation: str = "invoke_agent",
    ) -> Iterator[bytes]:
        """An agent's turn; its id is the parent of what is done in it."""
        began_ns, span_id = self.now_ns, os.urandom(8)
        yield span_id
        self.pause(0.1)
        said = {"gen_ai.input.messages": question, "gen_ai.output.messages": answer}
        seconds, self.now_ns = (self.now_ns - began_ns) / SECOND, began_ns
        self._add(operation, {}, said, agent=agent, parent=parent, seconds=seconds, span_id=span_id)

    def ended(self) -> list[Span]:
        """The trace with its root, that has ended."""
        return [*self.spans, self._root(self.now_ns)]

    def running(self) -> list[Span]:
        """The trace with its root, that is reported open."""
        return [*self.spans, self._root(0)]

    def _root(self, end_ns: int) -> Span:
        attributes = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "ship"}
        return span(
            "invoke_workflow ship",
            attributes,
            trace_id=self.trace_id,
            span_id=self.root,
            start_ns=self._began_ns,
            end_ns=end_ns,
        )

    def _add(
        self,
        operation: str,
        about: dict[str, Any],
        said: dict[str, str],
        *,
        agent: str,
        parent: bytes,
        seconds: float,
        error: str | None = None,
        span_id: bytes = b"",
    ) -> bytes:
        span_id = span_id or os.urandom(8)
        attributes = {"gen_ai.operation.name": operation, "gen_ai.agent.name": agent, **about}
        attributes |= {key: text for key, text in said.items() if self._content and text}
        end_ns = self.now_ns + int(seconds * SECOND)
        self.spans.append(
            span(
                operation,
                attributes,
                trace_id=self.trace_id,
                span_id=span_id,
                parent=parent or self.root,
                start_ns=self.now_ns,
                end_ns=end_ns,
                error=error,
            )
        )
        self.now_ns = end_ns
        return span_id
