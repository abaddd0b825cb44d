"""mlflow 3.17.2 (openai 3.54.0, opentelemetry-sdk 1.45.2): decorators and the OpenAI autologger.

OTLP by MLflow's own switch (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT). An agent that asks another one
through a tool, a retriever, a tool that fails once; then a model call of its own that fails.
mlflow-tracing alone does not do: its autologger imports what only mlflow brings.
"""

import os
from contextlib import suppress

import mlflow
from mlflow.entities import SpanType
from mlflow.tracing.provider import _get_tracer
from model_server import model_server
from openai import InternalServerError, OpenAI
from receiver import receiving

looked_up: list[str] = []


@mlflow.trace(span_type=SpanType.TOOL)
def lookup_invoice(invoice_id: str) -> str:
    looked_up.append(invoice_id)
    if len(looked_up) == 1:
        raise TimeoutError("invoice database timed out")
    return f"invoice {invoice_id}: 42 EUR"


@mlflow.trace(span_type=SpanType.RETRIEVER)
def search_docs(query: str) -> list[str]:
    return ["policy: 30 days refunds"]


def ask(client: OpenAI, script: str, question: str) -> str:
    messages = [{"role": "system", "content": f"SCRIPT: {script}"}, {"role": "user", "content": question}]
    answer = client.chat.completions.create(model="gpt-fake-chat", messages=messages)
    return answer.choices[0].message.content or ""


@mlflow.trace(span_type=SpanType.AGENT)
def researcher(client: OpenAI, question: str) -> str:
    search_docs(question)
    return ask(client, "say policy: 30 days refunds", question)


@mlflow.trace(span_type=SpanType.TOOL)
def ask_researcher(client: OpenAI, question: str) -> str:
    return researcher(client, question)


@mlflow.trace(name="billing_agent", span_type=SpanType.AGENT)
def billing(client: OpenAI, question: str) -> str:
    ask_researcher(client, "refund policy?")
    ask(client, 'call lookup_invoice {"invoice_id":"A-1"}', question)
    for _ in range(2):
        with suppress(TimeoutError):
            lookup_invoice("A-1")
    return ask(client, "say Your invoice is 42 EUR", question)


def main() -> None:
    with receiving("mlflow_sdk") as endpoint, model_server() as base_url:
        os.environ |= {
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{endpoint}/v1/traces",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
            "OTEL_SERVICE_NAME": "mlflow_sdk",
        }
        mlflow.openai.autolog()
        client = OpenAI(base_url=base_url, api_key="none", max_retries=0)
        billing(client, "How much is my invoice A-1?")
        with suppress(InternalServerError):
            ask(client, "err 500", "hello")
        _get_tracer("flush").span_processor.force_flush()


main()
