"""crewai 1.15.30 (openai 2.54.0) through opentelemetry-instrumentation-crewai and -openai 0.62.4.

A crew of two: the writer delegates a question to the researcher, whose tool fails once.
"""

import os

os.environ |= {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "OTEL_SDK_DISABLED": "false",
}

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool
from model_server import model_server
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.crewai import CrewAIInstrumentor
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from receiver import receiving

searched: list[str] = []


@tool("search_docs")
def search_docs(query: str) -> str:
    """Search the documents."""
    searched.append(query)
    if len(searched) == 1:
        raise ConnectionError("vector db refused connection")
    return "policy: 30 days refunds"


def agent(role: str, script: str, base_url: str, *tools: object, delegates: bool = False) -> Agent:
    return Agent(
        role=role,
        goal=f"SCRIPT: {script}",
        backstory="A member of the crew",
        llm=LLM(model="openai/gpt-fake-chat", base_url=base_url, api_key="none"),
        tools=list(tools),
        allow_delegation=delegates,
        max_iter=5,
    )


def main() -> None:
    with receiving("crewai_traceloop") as endpoint, model_server() as base_url:
        provider = TracerProvider(
            resource=Resource.create(
                {"service.name": "crewai_traceloop", "deployment.environment.name": "capture"}
            )
        )
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces")))
        trace.set_tracer_provider(provider)
        CrewAIInstrumentor().instrument(tracer_provider=provider)
        OpenAIInstrumentor().instrument(tracer_provider=provider)
        call = 'call search_docs {"query":"refunds"}'
        researcher = agent(
            "researcher", f"{call}; {call}; say policy: 30 days refunds", base_url, search_docs
        )
        question = '{"question":"refund policy?","context":"none","coworker":"researcher"}'
        writer = agent(
            "writer", f"call ask_question_to_coworker {question}; say 30 days", base_url, delegates=True
        )
        task = Task(
            description="Write the answer", expected_output="One sentence", agent=writer, name="write"
        )
        Crew(agents=[researcher, writer], tasks=[task], name="support").kickoff()
        provider.shutdown()


main()
