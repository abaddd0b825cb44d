# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "doldrums-client",
#   "opentelemetry-exporter-otlp-proto-http",
#   "pydantic-ai-slim[openai]==2.68.*",
# ]
# [tool.uv.sources]
# doldrums-client = { path = "../../../client" }
# ///
"""pydantic-ai with the telemetry that it brings."""

import asyncio
from typing import Any

from openai import AsyncOpenAI
from opentelemetry.sdk.trace import TracerProvider
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai import DeferredToolRequests, DeferredToolResults, InstrumentationSettings, ModelRetry
from pydantic_ai import Tool as PydanticTool
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.usage import UsageLimits

from bench.detectors.agent import Agent, Tool, ToolError
from bench.detectors.model_server import MODEL
from bench.detectors.worker import work


class PydanticAi:
    """An agent with tools that ask for another try when they fail."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:
        settings = InstrumentationSettings(tracer_provider=provider, include_content=content)
        PydanticAgent.instrument_all(settings)

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        return asyncio.run(_run(agent, task, model_url))


async def _run(agent: Agent, task: str, model_url: str) -> str:
    async with AsyncOpenAI(base_url=model_url, api_key="none") as client:
        asks = any(tool.asks for tool in agent.tools)
        made: PydanticAgent[None, Any] = PydanticAgent(
            OpenAIChatModel(MODEL, provider=OpenAIProvider(openai_client=client)),
            name=agent.name,
            instructions=agent.prompt,
            tools=[_tool(tool) for tool in agent.tools],
            output_type=[str, DeferredToolRequests] if asks else str,
        )
        answer = await made.run(task, usage_limits=UsageLimits(request_limit=None))
        while isinstance(answer.output, DeferredToolRequests):
            approved = {call.tool_call_id: True for call in answer.output.approvals}
            history = answer.all_messages()
            answer = await made.run(
                message_history=history, deferred_tool_results=DeferredToolResults(approvals=approved)
            )
        return str(answer.output)


def _tool(tool: Tool) -> PydanticTool[None]:
    async def call(query: str) -> str:
        try:
            return await asyncio.to_thread(tool.work, query)
        except ToolError as error:
            raise ModelRetry(str(error)) from error

    return PydanticTool(
        call, name=tool.name, description=tool.about, max_retries=1_000, requires_approval=tool.asks
    )


if __name__ == "__main__":
    work(PydanticAi())
