"""agent-framework-core 1.23.0, -openai 1.17.0, -orchestrations 1.4.0 (opentelemetry-sdk 1.45.2).

A hand-off workflow from triage to billing; triage asks an agent as a tool, billing's tool fails
once. Then a graph of two agents, one after the other. Telemetry as configure_otel_providers sets it up.
"""

import asyncio
import os

from agent_framework import Agent, WorkflowBuilder, tool
from agent_framework.observability import configure_otel_providers
from agent_framework_openai import OpenAIChatCompletionClient
from agent_framework_orchestrations import HandoffBuilder
from model_server import model_server
from opentelemetry import trace
from receiver import receiving

looked_up: list[str] = []


@tool(approval_mode="never_require")
def lookup_invoice(invoice_id: str) -> str:
    """Look up an invoice."""
    looked_up.append(invoice_id)
    if len(looked_up) == 1:
        raise TimeoutError("invoice database timed out")
    return f"invoice {invoice_id}: 42 EUR"


def agent(name: str, script: str, base_url: str, *tools: object) -> Agent:
    return Agent(
        OpenAIChatCompletionClient(model="gpt-fake-chat", base_url=base_url, api_key="none"),
        f"You are {name}. SCRIPT: {script}",
        name=name,
        tools=list(tools),
        require_per_service_call_history_persistence=True,
    )


async def run(base_url: str) -> None:
    call = 'call lookup_invoice {"invoice_id":"A-1"}'
    researcher = agent("researcher", "say policy: 30 days refunds", base_url)
    billing = agent("billing", f"{call}; {call}; say Your invoice is 42 EUR", base_url, lookup_invoice)
    triage = agent(
        "triage",
        'call ask_researcher {"task":"refund policy?"}; call handoff_to_billing {}; say handed over',
        base_url,
        researcher.as_tool(name="ask_researcher"),
    )
    handoff = (
        HandoffBuilder(name="support", participants=[triage, billing])
        .add_handoff(triage, [billing])
        .with_start_agent(triage)
        .build()
    )
    await handoff.run("How much is my invoice A-1?")
    writer = agent("writer", "say The invoice is 42 EUR", base_url)
    reviewer = agent("reviewer", "say Approved", base_url)
    graph = WorkflowBuilder(name="letter", start_executor=writer).add_edge(writer, reviewer).build()
    await graph.run("Write the answer")


def main() -> None:
    with receiving("agent-framework_native") as endpoint, model_server() as base_url:
        os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = f"{endpoint}/v1/traces"
        configure_otel_providers(
            service_name="agent-framework_native",
            resource_attributes={"deployment.environment.name": "capture"},
            otlp_protocol="http/protobuf",
            enable_sensitive_data=True,
        )
        asyncio.run(run(base_url))
        trace.get_tracer_provider().shutdown()


main()
