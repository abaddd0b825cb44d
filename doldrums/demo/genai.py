"""GenAI: the semantic conventions of OpenTelemetry, as its own instrumentation words them."""

import json

from opentelemetry.trace import SpanKind

from doldrums.demo.dialect import Attributes, Scene, Wording
from doldrums.demo.script import HandOff, Part, Run, Think, Use


class GenAI:
    """`gen_ai.*` attributes; a hand-off is a tool that passes control."""

    scope = "opentelemetry.instrumentation.genai"
    error_type_key: str | None = "error.type"

    def workflow(self, run: Run) -> Wording:
        name = f"invoke_workflow {run.workflow}"
        return Wording(name, _operation("invoke_workflow", run) | {"gen_ai.workflow.name": run.workflow})

    def agent(self, run: Run, part: Part) -> Wording:
        start = _operation("invoke_agent", run) | {
            "gen_ai.agent.name": part.agent.name,
            "gen_ai.agent.description": part.agent.duty,
            "gen_ai.provider.name": part.agent.provider,
            "gen_ai.request.model": part.agent.model,
            "gen_ai.input.messages": messages("user", part.task),
        }
        return Wording(f"invoke_agent {part.agent.name}", start)

    def think(self, move: Think, scene: Scene) -> Wording:
        agent = scene.part.agent
        start = _operation("chat", scene.run) | {
            "gen_ai.provider.name": agent.provider,
            "gen_ai.request.model": agent.model,
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": agent.duty}]),
            "gen_ai.input.messages": messages("user", move.ask),
        }
        end: Attributes = {
            "gen_ai.response.model": agent.model,
            "gen_ai.response.finish_reasons": ["tool_call" if scene.calls else "stop"],
            "gen_ai.usage.input_tokens": move.input_tokens,
            "gen_ai.usage.output_tokens": move.output_tokens,
            "gen_ai.output.messages": messages("assistant", move.answer, scene),
        }
        return Wording(f"chat {agent.model}", start, end, SpanKind.CLIENT)

    def use(self, move: Use, scene: Scene) -> Wording:
        start = _tool(move.tool, scene) | {"gen_ai.tool.call.arguments": json.dumps(dict(move.arguments))}
        return Wording(f"execute_tool {move.tool}", start, {"gen_ai.tool.call.result": move.result})

    def hand_off(self, move: HandOff, scene: Scene) -> Wording:
        name = f"transfer_to_{move.to}"
        start = _tool(name, scene) | {
            "gen_ai.transfer.target.name": move.to,
            "gen_ai.transfer.mode": "pass_control",
            "gen_ai.tool.call.arguments": json.dumps({"reason": move.reason}),
        }
        return Wording(f"execute_tool {name} {move.to}", start)


def messages(role: str, text: str, scene: Scene | None = None) -> str:
    """Return one message as `gen_ai.*.messages` has it, with the tool call that it decides on."""
    parts: list[dict[str, str]] = [{"type": "text", "content": text}]
    if scene and scene.calls:
        parts.append({"type": "tool_call", "id": scene.call_id, "name": scene.calls})
    return json.dumps([{"role": role, "parts": parts}], ensure_ascii=False)


def _operation(name: str, run: Run) -> Attributes:
    return {"gen_ai.operation.name": name, "gen_ai.conversation.id": run.session}


def _tool(name: str, scene: Scene) -> Attributes:
    return _operation("execute_tool", scene.run) | {
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function",
        "gen_ai.tool.call.id": scene.call_id,
        "gen_ai.agent.name": scene.part.agent.name,
    }
