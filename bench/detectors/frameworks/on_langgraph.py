# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "doldrums-client",
#   "langchain==1.4.*",
#   "langchain-openai==1.*",
#   "langgraph==1.2.*",
#   "openinference-instrumentation-langchain",
#   "opentelemetry-exporter-otlp-proto-http",
# ]
# [tool.uv.sources]
# doldrums-client = { path = "../../../client" }
# ///
"""LangGraph by LangChain's `create_agent`, as OpenInference sees it. The model streams."""

from contextlib import nullcontext
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import wrap_tool_call
from langchain_core.messages import ToolMessage
from langchain_core.tools import StructuredTool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command, interrupt
from openinference.instrumentation.langchain import LangChainInstrumentor, get_current_span
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from bench.detectors.agent import Agent, Tool, ToolError
from bench.detectors.model_server import MODEL
from bench.detectors.worker import work


class LangGraph:
    """A graph of a model and its tools."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:  # noqa: ARG002 - OPENINFERENCE_HIDE_*
        LangChainInstrumentor().instrument(tracer_provider=provider)

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        model = ChatOpenAI(model=MODEL, base_url=model_url, api_key="none", streaming=True, stream_usage=True)
        graph = create_agent(
            model,
            [_tool(tool) for tool in agent.tools],
            name=agent.name,
            system_prompt=agent.prompt,
            middleware=[_tell_errors],
            checkpointer=InMemorySaver() if any(tool.asks for tool in agent.tools) else None,
        )
        settings: Any = {"recursion_limit": 1_000, "configurable": {"thread_id": "1"}}
        answer = graph.invoke({"messages": [("user", task)]}, settings)
        while "__interrupt__" in answer:
            answer = graph.invoke(Command(resume="yes"), settings)
        return str(answer["messages"][-1].content)


@wrap_tool_call
def _tell_errors(request: Any, handler: Any) -> Any:
    """Tell the model what a tool raises, as LangChain's guide does; the run would end otherwise."""
    try:
        return handler(request)
    except ToolError as error:
        return ToolMessage(f"error: {error}", tool_call_id=request.tool_call["id"], status="error")


def _tool(tool: Tool) -> StructuredTool:
    def call(query: str) -> str:
        # as docs/waits.md has it: the tool's span is not the current one, and waits would hang beside it
        span = get_current_span()
        with trace.use_span(span, end_on_exit=False) if span else nullcontext():
            return str(interrupt(query)) if tool.asks else tool.work(query)

    return StructuredTool.from_function(call, name=tool.name, description=tool.about)


if __name__ == "__main__":
    work(LangGraph())
