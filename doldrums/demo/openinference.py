"""OpenInference: as Arize's instrumentation of the OpenAI Agents SDK words them."""

import json

from doldrums.demo.dialect import Attributes, Scene, Wording
from doldrums.demo.script import HandOff, Part, Run, Think, Use


class OpenInference:
    """`openinference.span.kind` and friends; the error's type stands in the exception event alone."""

    scope = "openinference.instrumentation.openai_agents"
    error_type_key: str | None = None

    def workflow(self, run: Run) -> Wording:
        return Wording(run.workflow, _kind("AGENT", run))

    def agent(self, run: Run, part: Part) -> Wording:
        name = part.agent.name
        start = _kind("AGENT", run) | {"agent.name": name, "graph.node.id": name, "input.value": part.task}
        return Wording(name, start)

    def think(self, move: Think, scene: Scene) -> Wording:
        agent = scene.part.agent
        start = _kind("LLM", scene.run) | {
            "llm.provider": agent.provider,
            "llm.system": agent.provider,
            "llm.model_name": agent.model,
            "input.value": move.ask,
            **_message("llm.input_messages.0", "system", agent.duty),
            **_message("llm.input_messages.1", "user", move.ask),
        }
        end: Attributes = {
            "llm.token_count.prompt": move.input_tokens,
            "llm.token_count.completion": move.output_tokens,
            "llm.token_count.total": move.input_tokens + move.output_tokens,
            "llm.finish_reason": "tool_calls" if scene.calls else "stop",
            "output.value": move.answer,
            **_message("llm.output_messages.0", "assistant", move.answer),
        }
        return Wording("generation", start, end | _tool_call(scene))

    def use(self, move: Use, scene: Scene) -> Wording:
        start = _kind("TOOL", scene.run) | {
            "tool.name": move.tool,
            "tool.id": scene.call_id,
            "input.value": json.dumps(dict(move.arguments)),
            "input.mime_type": "application/json",
        }
        return Wording(move.tool, start, {"output.value": move.result})

    def hand_off(self, move: HandOff, scene: Scene) -> Wording:
        ends: Attributes = {"input.value": scene.part.agent.name, "output.value": move.to}
        return Wording(f"handoff to {move.to}", _kind("TOOL", scene.run) | ends)


def _kind(kind: str, run: Run) -> Attributes:
    return {"openinference.span.kind": kind, "session.id": run.session}


def _message(prefix: str, role: str, content: str) -> Attributes:
    return {f"{prefix}.message.role": role, f"{prefix}.message.content": content}


def _tool_call(scene: Scene) -> Attributes:
    if not scene.calls:
        return {}
    prefix = "llm.output_messages.0.message.tool_calls.0.tool_call"
    return {f"{prefix}.id": scene.call_id, f"{prefix}.function.name": scene.calls}
