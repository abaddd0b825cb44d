"""No framework: a loop of one's own, with spans by OpenTelemetry's GenAI conventions.

It runs in doldrums' own environment, and shows what the others could send at best.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import requests
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind, Status, StatusCode

from bench.detectors.agent import Agent, Tool, ToolError
from bench.detectors.model_server import MODEL
from bench.detectors.worker import work

Message = dict[str, Any]


class Plain:
    """Asks the model, calls what it wants called, all calls of a turn at once."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:
        self._tracer = provider.get_tracer("plain-agents")
        self._content = content

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        said = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent.name}
        with self._tracer.start_as_current_span(f"invoke_agent {agent.name}", attributes=said):
            messages: list[Message] = [
                {"role": "system", "content": agent.prompt},
                {"role": "user", "content": task},
            ]
            tools = {tool.name: tool for tool in agent.tools}
            while True:
                answer = self._chat(messages, model_url)
                messages.append(answer)
                if not answer.get("tool_calls"):
                    return str(answer["content"])
                messages.extend(self._call_all(answer["tool_calls"], tools))

    def _chat(self, messages: Sequence[Message], model_url: str) -> Message:
        said = {"gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL}
        with self._tracer.start_as_current_span(
            f"chat {MODEL}", kind=SpanKind.CLIENT, attributes=said
        ) as span:
            if self._content:
                span.set_attribute("gen_ai.input.messages", json.dumps([_said(each) for each in messages]))
            body: Any = {"model": MODEL, "messages": messages}
            answered = requests.post(f"{model_url}/chat/completions", json=body, timeout=600)
            answered.raise_for_status()
            reply = answered.json()
            (choice,) = reply["choices"]
            answer: Message = choice["message"]
            span.set_attribute("gen_ai.usage.input_tokens", reply["usage"]["prompt_tokens"])
            span.set_attribute("gen_ai.usage.output_tokens", reply["usage"]["completion_tokens"])
            span.set_attribute("gen_ai.response.finish_reasons", [choice["finish_reason"]])
            if self._content:
                span.set_attribute("gen_ai.output.messages", json.dumps([_said(answer)]))
            return answer

    def _call_all(self, calls: Sequence[Message], tools: Mapping[str, Tool]) -> list[Message]:
        if len(calls) == 1:
            return [self._call(calls[0], tools)]
        with ThreadPoolExecutor(8) as pool:
            parts = [pool.submit(copy_context().run, self._call, call, tools) for call in calls]
            return [part.result() for part in parts]

    def _call(self, call: Message, tools: Mapping[str, Tool]) -> Message:
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        said = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.call.id": call["id"],
        } | ({"gen_ai.tool.call.arguments": arguments} if self._content else {})
        with self._tracer.start_as_current_span(f"execute_tool {name}", attributes=said) as span:
            try:
                result = tools[name].work(json.loads(arguments)["query"])
            except ToolError as error:
                span.set_status(Status(StatusCode.ERROR, str(error)))
                span.set_attribute("error.type", type(error).__name__)
                result = f"error: {error}"
            if self._content:
                span.set_attribute("gen_ai.tool.call.result", result)
        return {"role": "tool", "tool_call_id": call["id"], "content": result}


def _said(message: Message) -> Message:
    """Return a message in the form of the conventions."""
    parts: list[Message] = []
    if message["role"] == "tool":
        parts = [
            {"type": "tool_call_response", "id": message["tool_call_id"], "response": message["content"]}
        ]
    elif message.get("content"):
        parts = [{"type": "text", "content": message["content"]}]
    parts += [
        {
            "type": "tool_call",
            "id": call["id"],
            "name": call["function"]["name"],
            "arguments": json.loads(call["function"]["arguments"]),
        }
        for call in message.get("tool_calls") or ()
    ]
    return {"role": message["role"], "parts": parts}


if __name__ == "__main__":
    work(Plain())
