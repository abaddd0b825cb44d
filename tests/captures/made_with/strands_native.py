"""strands-agents 1.62.0 (openai for its model client, opentelemetry-sdk 1.45.1), native telemetry.

A swarm that hands over from triage to billing, an agent called as a tool, a tool that fails once;
then an auditor alone with OTEL_SEMCONV_STABILITY_OPT_IN, which moves the content from the old message
events into gen_ai.client.inference.operation.details.
"""

import os

os.environ |= {
    "OTEL_SERVICE_NAME": "strands_native",
    "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=capture",
}

from model_server import model_server
from receiver import receiving
from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.multiagent import Swarm
from strands.telemetry import StrandsTelemetry, tracer

looked_up: list[str] = []


@tool
def lookup_invoice(invoice_id: str) -> str:
    """Look up an invoice."""
    looked_up.append(invoice_id)
    if len(looked_up) == 1:
        raise TimeoutError("invoice database timed out")
    return f"invoice {invoice_id}: 42 EUR"


def agent(name: str, script: str, base_url: str, *tools: object) -> Agent:
    model = OpenAIModel(client_args={"base_url": base_url, "api_key": "none"}, model_id="gpt-fake-chat")
    return Agent(
        model=model,
        name=name,
        system_prompt=f"You are {name}. SCRIPT: {script}",
        tools=list(tools),
        callback_handler=None,
        trace_attributes={"session.id": "thread-77", "user.id": "u-1"},
    )


def main() -> None:
    with receiving("strands_native") as endpoint, model_server() as base_url:
        telemetry = StrandsTelemetry().setup_otlp_exporter(endpoint=f"{endpoint}/v1/traces")
        call = 'call lookup_invoice {"invoice_id":"A-1"}'
        researcher = agent("researcher", "say policy: 30 days refunds", base_url)
        billing = agent("billing", f"{call}; {call}; say Your invoice is 42 EUR", base_url, lookup_invoice)
        triage = agent(
            "triage",
            'call researcher {"input":"refund policy?"}; '
            'call handoff_to_agent {"agent_name":"billing","message":"invoice A-1"}; say handed over',
            base_url,
            researcher.as_tool(description="Asks the researcher"),
        )
        Swarm([triage, billing], entry_point=triage)("How much is my invoice A-1?")
        os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental,gen_ai_tool_definitions"
        tracer._tracer_instance = None
        agent("auditor", f"{call}; say 42 EUR is right", base_url, lookup_invoice)("Check invoice A-1")
        telemetry.tracer_provider.shutdown()


main()
