# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "doldrums-client",
#   "openai-agents==0.24.*",
#   "openinference-instrumentation-openai-agents",
#   "opentelemetry-exporter-otlp-proto-http",
# ]
# [tool.uv.sources]
# doldrums-client = { path = "../../../client" }
# ///
"""OpenAI Agents SDK, as OpenInference sees it."""

import asyncio
from typing import Any

from agents import Agent as SdkAgent
from agents import OpenAIChatCompletionsModel, Runner, default_tool_error_function, function_tool
from agents import Tool as SdkTool
from openai import AsyncOpenAI
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.sdk.trace import TracerProvider

from bench.detectors.agent import Agent, RunError, Tool
from bench.detectors.model_server import MODEL
from bench.detectors.worker import work


class OpenAiAgents:
    """An agent that the SDK's runner drives."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:  # noqa: ARG002 - OPENINFERENCE_HIDE_*
        OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        return asyncio.run(_run(agent, task, model_url))


async def _run(agent: Agent, task: str, model_url: str) -> str:
    async with AsyncOpenAI(base_url=model_url, api_key="none") as client:
        made = SdkAgent(
            agent.name,
            instructions=agent.prompt,
            model=OpenAIChatCompletionsModel(MODEL, client),
            tools=[_tool(tool) for tool in agent.tools],
        )
        answer = await Runner.run(made, task, max_turns=1_000)
        while answer.interruptions:
            state = answer.to_state()
            for asked in answer.interruptions:
                state.approve(asked)
            answer = await Runner.run(made, state, max_turns=1_000)
        return str(answer.final_output)


def _tool(tool: Tool) -> SdkTool:
    async def call(query: str) -> str:
        return await asyncio.to_thread(tool.work, query)

    return function_tool(
        call,
        name_override=tool.name,
        description_override=tool.about,
        failure_error_function=_told,
        needs_approval=tool.asks,
    )


def _told(context: Any, error: Exception) -> str:
    """Tell the agent what a tool raises, as the SDK does by itself, unless that is to end the run."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, RunError):
            raise error
        cause = cause.__cause__
    return default_tool_error_function(context, error)


if __name__ == "__main__":
    work(OpenAiAgents())
