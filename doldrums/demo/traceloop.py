"""Traceloop: as OpenLLMetry words them, with `traceloop.*` beside the `gen_ai.*` it also sends."""

import json

from opentelemetry.trace import SpanKind

from doldrums.demo.dialect import Attributes, Scene, Wording
from doldrums.demo.genai import messages
from doldrums.demo.script import HandOff, Part, Run, Think, Use


class Traceloop:
    """`traceloop.span.kind` names the kind; the conversation is an association property."""

    scope = "opentelemetry.instrumentation.openai_agents"
    error_type_key: str | None = "error.type"

    def workflow(self, run: Run) -> Wording:
        return Wording(f"{run.workflow}.workflow", _entity("workflow", run.workflow, run))

    def agent(self, run: Run, part: Part) -> Wording:
        start = _entity("agent", part.agent.name, run) | {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": part.agent.name,
            "gen_ai.provider.name": part.agent.provider,
            "traceloop.entity.input": part.task,
        }
        return Wording(f"{part.agent.name}.agent", start)

    def think(self, move: Think, scene: Scene) -> Wording:
        agent = scene.part.agent
        start: Attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": agent.provider,
            "gen_ai.request.model": agent.model,
            "gen_ai.is_streaming": False,
            "gen_ai.input.messages": messages("user", move.ask),
            **_association(scene.run),
        }
        end: Attributes = {
            "gen_ai.response.model": agent.model,
            "gen_ai.response.finish_reasons": ["tool_call" if scene.calls else "stop"],
            "gen_ai.usage.input_tokens": move.input_tokens,
            "gen_ai.usage.output_tokens": move.output_tokens,
            "gen_ai.usage.total_tokens": move.input_tokens + move.output_tokens,
            "gen_ai.output.messages": messages("assistant", move.answer, scene),
        }
        return Wording("openai.chat", start, end, SpanKind.CLIENT)

    def use(self, move: Use, scene: Scene) -> Wording:
        arguments = json.dumps(dict(move.arguments))
        start = _entity("tool", move.tool, scene.run) | {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": move.tool,
            "gen_ai.tool.call.id": scene.call_id,
            "gen_ai.tool.call.arguments": arguments,
            "traceloop.entity.input": arguments,
        }
        end: Attributes = {"gen_ai.tool.call.result": move.result, "traceloop.entity.output": move.result}
        return Wording(f"{move.tool}.tool", start, end)

    def hand_off(self, move: HandOff, scene: Scene) -> Wording:
        source = scene.part.agent.name
        start: Attributes = {
            "traceloop.span.kind": "handoff",
            "gen_ai.operation.name": "handoff",
            "gen_ai.agent.name": source,
            "gen_ai.handoff.from_agent": source,
            "gen_ai.handoff.to_agent": move.to,
            **_association(scene.run),
        }
        return Wording(f"{source} → {move.to}.handoff", start)


def _entity(kind: str, name: str, run: Run) -> Attributes:
    return {
        "traceloop.span.kind": kind,
        "traceloop.entity.name": name,
        "traceloop.workflow.name": run.workflow,
        **_association(run),
    }


def _association(run: Run) -> Attributes:
    return {"traceloop.association.properties.session_id": run.session}
