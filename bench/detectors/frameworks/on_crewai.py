# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "crewai==1.15.*",
#   "doldrums-client",
#   "openinference-instrumentation-crewai",
#   "openinference-instrumentation-openai",
#   "opentelemetry-exporter-otlp-proto-http",
# ]
# [tool.uv.sources]
# doldrums-client = { path = "../../../client" }
# ///
"""CrewAI, a crew of one for each agent, as OpenInference sees it and the OpenAI client below it."""

from typing import Any

from crewai import LLM, Crew, Task
from crewai import Agent as CrewAgent
from crewai.tools import BaseTool
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider

from bench.detectors.agent import Agent, Tool
from bench.detectors.model_server import MODEL
from bench.detectors.worker import work


class CrewAi:
    """A crew whose only task its only agent does."""

    def instrument(self, provider: TracerProvider, *, content: bool) -> None:  # noqa: ARG002 - OPENINFERENCE_HIDE_*
        CrewAIInstrumentor().instrument(tracer_provider=provider)
        OpenAIInstrumentor().instrument(tracer_provider=provider)

    def run(self, agent: Agent, task: str, model_url: str) -> str:
        made = CrewAgent(
            role=agent.name,
            goal="To be of use",
            backstory=agent.prompt,
            llm=LLM(model=f"openai/{MODEL}", base_url=model_url, api_key="none"),
            tools=[_tool(tool) for tool in agent.tools],
            max_iter=1_000,
        )
        given = Task(description=task, expected_output="One sentence", agent=made, name="answer")
        return str(Crew(agents=[made], tasks=[given], name=agent.name).kickoff())


class _Tool(BaseTool):
    work: Any

    def _run(self, query: str) -> str:
        return str(self.work(query))


def _tool(tool: Tool) -> BaseTool:
    # a cached answer would hide the call
    return _Tool(name=tool.name, description=tool.about, work=tool.work, cache_function=lambda *_: False)


if __name__ == "__main__":
    work(CrewAi())
