# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "autogen-agentchat==0.7.*",
#   "autogen-ext[openai]==0.7.*",
#   "doldrums-client",
#   "opentelemetry-exporter-otlp-proto-http",
#   "opentelemetry-instrumentation-openai",
# ]
# [tool.uv.sources]
# doldrums-client = { path = "../../../client" }
# ///
"""AutoGen's AgentChat with the telemetry that it brings, and Traceloop's for the model that it calls."""

import asyncio

from autogen_agentchat.agents import AssistantAgent
from autogen_core.tools import FunctionTool
from autogen_ext.models.openai import OpenAIChatCompletionClient
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider

from bench.detectors.agent import Agent, Tool
from bench.detectors.model_server import MODEL
from bench.detectors.worker import work


class AutoGen:
    """An assistant that calls tools until it has an answer. AutoGen takes the global provider."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:  # noqa: ARG002 - TRACELOOP_TRACE_CONTENT
        OpenAIInstrumentor().instrument(tracer_provider=provider)

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        return asyncio.run(_run(agent, task, model_url))


async def _run(agent: Agent, task: str, model_url: str) -> str:
    info = {"vision": False, "function_calling": True, "json_output": False, "structured_output": False}
    client = OpenAIChatCompletionClient(
        model=MODEL, base_url=model_url, api_key="none", model_info=info | {"family": "unknown"}
    )
    made = AssistantAgent(
        agent.name,
        model_client=client,
        system_message=agent.prompt,
        tools=[_tool(tool) for tool in agent.tools],
        max_tool_iterations=1_000,
        model_client_stream=True,
    )
    try:
        answer = await made.run(task=task)
    finally:
        await client.close()
    return str(answer.messages[-1].content)


def _tool(tool: Tool) -> FunctionTool:
    # what a tool raises is told to the agent as the call's error
    async def call(query: str) -> str:
        return await asyncio.to_thread(tool.work, query)

    return FunctionTool(call, name=tool.name, description=tool.about)


if __name__ == "__main__":
    work(AutoGen())
