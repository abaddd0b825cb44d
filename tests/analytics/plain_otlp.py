"""Agents traced by the OpenTelemetry SDK with its stock encoder: what has not ended is not exported."""

import json
import time
from typing import Any

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import set_span_in_context


class Recording:
    """Spans of one process; times are seconds after its beginning.

    Parameters
    ----------
    content
        Whether what models answer is recorded.
    """

    def __init__(self, *, began_ago_s: float = 600, content: bool = True, service: str = "agents") -> None:
        self._began_ns = time.time_ns() - int(began_ago_s * 1e9)
        self._content = content
        self._exporter = InMemorySpanExporter()
        resource = Resource.create({"service.name": service, "service.instance.id": f"{service}-1"})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._tracer = provider.get_tracer("tests")
        self._calls = 0

    @property
    def body(self) -> bytes:
        """The export request of what has ended."""
        return encode_spans(self._exporter.get_finished_spans()).SerializeToString()

    @property
    def spans(self) -> int:
        return len(self._exporter.get_finished_spans())

    def span(
        self,
        name: str,
        parent: Span | None = None,
        *,
        at_s: float,
        end_s: float | None = None,
        **attributes: Any,
    ) -> Span:
        context = set_span_in_context(parent) if parent else None
        span: Any = self._tracer.start_span(
            name,
            context,
            attributes={key.replace("__", "."): value for key, value in attributes.items()},
            start_time=self._began_ns + int(at_s * 1e9),
        )
        if end_s is not None:
            self.end(span, end_s)
        return span

    def end(self, span: Span, at_s: float) -> None:
        span.end(self._began_ns + int(at_s * 1e9))

    def agent(
        self, name: str, parent: Span | None = None, *, at_s: float, end_s: float | None = None
    ) -> Span:
        return self.span(
            f"invoke_agent {name}",
            parent,
            at_s=at_s,
            end_s=end_s,
            gen_ai__operation__name="invoke_agent",
            gen_ai__agent__name=name,
        )

    def answer(
        self, run: Span, agent: str, *calls: str | tuple[str, dict[str, Any]], at_s: float
    ) -> list[str]:
        """Let the agent's model answer within a second, and return the ids of the calls that it asks for."""
        named = [(call, {}) if isinstance(call, str) else call for call in calls]
        ids = [f"call_{self._calls + number}" for number, _ in enumerate(named, 1)]
        self._calls += len(ids)
        parts: list[dict[str, Any]] = [
            {"type": "tool_call", "id": id_, "name": name, "arguments": arguments}
            for id_, (name, arguments) in zip(ids, named, strict=True)
        ]
        said = [{"role": "assistant", "parts": parts or [{"type": "text", "content": "done"}]}]
        content = {"gen_ai__output__messages": json.dumps(said)} if self._content else {}
        self.span(
            "chat m",
            run,
            at_s=at_s,
            end_s=at_s + 1,
            gen_ai__operation__name="chat",
            gen_ai__request__model="m",
            gen_ai__agent__name=agent,
            gen_ai__response__finish_reasons=["tool_call" if calls else "stop"],
            **content,
        )
        return ids

    def tool(self, run: Span, name: str, id_: str = "", *, at_s: float, end_s: float | None = None) -> Span:
        given = {"gen_ai__tool__call__id": id_} if id_ else {}
        return self.span(
            f"execute_tool {name}",
            run,
            at_s=at_s,
            end_s=end_s,
            gen_ai__operation__name="execute_tool",
            gen_ai__tool__name=name,
            **given,
        )
