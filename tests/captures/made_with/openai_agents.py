"""openai-agents 0.24.0 (openai 3.54.0): agent as tool, hand-off, a tool that fails once, 429 and 500.

The scenario of the captures openai-agents_traceloop and openai-agents_logfire, through
openinference-instrumentation-openai-agents 2.6.0 or
opentelemetry-instrumentation-genai-openai-agents and -openai 1.3b0 (opentelemetry-sdk 1.45.2):
``python openai_agents.py openinference`` and ``python openai_agents.py otel-genai``.
"""

import asyncio
import os
import sys
from contextlib import suppress

os.environ |= {
    "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY",
}

from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, function_tool, trace
from model_server import model_server
from openai import AsyncOpenAI, InternalServerError
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor as OpenInferenceInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.instrumentation.genai.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from receiver import receiving

looked_up: list[str] = []


@function_tool
def lookup_invoice(invoice_id: str) -> str:
    """Look up an invoice."""
    looked_up.append(invoice_id)
    if len(looked_up) == 1:
        raise TimeoutError("invoice database timed out")
    return f"invoice {invoice_id}: 42 EUR"


def instrument(name: str, provider: TracerProvider) -> None:
    if name == "openinference":
        OpenInferenceInstrumentor().instrument(tracer_provider=provider)
    else:
        OpenAIInstrumentor().instrument(tracer_provider=provider)
        OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)


async def run(base_url: str) -> None:
    client = AsyncOpenAI(base_url=base_url, api_key="none")
    chat = OpenAIChatCompletionsModel("gpt-fake-chat", client)
    responses = OpenAIResponsesModel("gpt-fake-resp", client)
    researcher = Agent(
        "researcher_agent", instructions="Research. SCRIPT: err 429; say policy: 30 days refunds", model=chat
    )
    call = 'call lookup_invoice {"invoice_id":"A-1"}'
    billing = Agent(
        "billing_agent",
        instructions=f"You are billing. SCRIPT: {call}; {call}; say Your invoice is 42 EUR",
        model=responses,
        tools=[lookup_invoice],
    )
    triage = Agent(
        "triage_agent",
        instructions='You triage. SCRIPT: call ask_researcher {"input":"refund policy?"}; '
        "call transfer_to_billing_agent {}; say never",
        model=responses,
        tools=[researcher.as_tool("ask_researcher", "Ask the researcher")],
        handoffs=[billing],
    )
    broken = Agent(
        "broken_agent",
        instructions="SCRIPT: err 500; say x",
        model=OpenAIChatCompletionsModel(
            "gpt-fake-chat", AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)
        ),
    )
    with trace("support_flow", group_id="thread-77"):
        await Runner.run(triage, "How much is my invoice A-1?")
        with suppress(InternalServerError):
            await Runner.run(broken, "hello")


def main(instrumentation: str) -> None:
    capture = f"openai-agents_{instrumentation}"
    with receiving(capture) as endpoint, model_server() as base_url:
        provider = TracerProvider(resource=Resource.create({
            "service.name": capture, "service.version": "0.1.0", "deployment.environment.name": "capture",
        }))  # fmt: skip
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces")))
        instrument(instrumentation, provider)
        asyncio.run(run(base_url))
        provider.shutdown()


main(sys.argv[1])
