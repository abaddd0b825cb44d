"""Real exporters, over real sockets, into the real service, asked through the API."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Status, StatusCode

from tests.service import Service, until

JAVASCRIPT = Path(__file__).parent / "javascript"


def exporters(service: Service) -> dict[str, SpanExporter]:
    traces = f"{service.url('otlp_http')}/v1/traces"
    return {
        "http": HttpExporter(traces),
        "http gzip": HttpExporter(traces, compression=Compression.Gzip),
        "http deflate": HttpExporter(traces, compression=Compression.Deflate),
        "grpc": GrpcExporter(service.run["otlp_grpc"], insecure=True),
        "grpc gzip": GrpcExporter(service.run["otlp_grpc"], insecure=True, compression=grpc.Compression.Gzip),
    }


@pytest.mark.otlp(3, 10, 11)
@pytest.mark.parametrize("kind", ["http", "http gzip", "http deflate", "grpc", "grpc gzip"])
def test_a_run_sent_by_the_python_sdk_is_there_within_seconds(service: Service, kind: str) -> None:
    provider = TracerProvider(
        resource=Resource({"service.name": "shop", "deployment.environment.name": kind})
    )
    provider.add_span_processor(BatchSpanProcessor(exporters(service)[kind]))
    tracer = provider.get_tracer("tests")
    agent = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "planner",
        "gen_ai.conversation.id": "c-1",
    }
    with tracer.start_as_current_span("invoke_agent planner", attributes=agent) as root:
        model = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-5",
            "gen_ai.usage.input_tokens": 7,
        }
        with tracer.start_as_current_span("chat gpt-5", attributes=model):
            pass
        tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"}
        with tracer.start_as_current_span("execute_tool search", attributes=tool) as span:
            span.set_status(Status(StatusCode.ERROR, "no index"))
    provider.shutdown()
    trace_id = f"{root.get_span_context().trace_id:032x}"

    trace = wait_for_trace(service, trace_id, spans=3)

    assert [span["name"] for span in trace["spans"]] == [
        "invoke_agent planner",
        "chat gpt-5",
        "execute_tool search",
    ]
    assert {span["agent"] for span in trace["spans"]} == {"planner"}
    assert {span["session"] for span in trace["spans"]} == {"c-1"}
    assert [span["kind"] for span in trace["spans"]] == ["agent", "llm", "tool"]
    assert trace["spans"][2]["error_message"] == "no index"
    assert trace["summary"]["input_tokens"] == 7


@pytest.mark.otlp(5, 22)
@pytest.mark.skipif(
    shutil.which("npm") is None and "CI" not in os.environ,
    reason="npm is not installed; `make test` installs it",
)
def test_a_run_sent_by_the_javascript_sdk_as_json_is_there(service: Service) -> None:
    environment = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": service.url("otlp_http")}
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=JAVASCRIPT, check=True, capture_output=True)

    answer = subprocess.run(
        ["node", "send.mjs"], cwd=JAVASCRIPT, env=environment, check=True, capture_output=True, text=True
    )

    trace = wait_for_trace(service, json.loads(answer.stdout)["traceId"], spans=2)
    assert [span["name"] for span in trace["spans"]] == ["ai.generateText", "ai.generateText.doGenerate"]
    assert [span["agent"] for span in trace["spans"]] == ["coordinator", "coordinator"]
    assert trace["summary"]["output_tokens"] == 5
    detail = service.get(f"/traces/{trace['trace_id']}/spans/{trace['spans'][1]['span_id']}")
    assert detail["attributes"]["ai.response.finishReason"] == "stop"


def wait_for_trace(service: Service, trace_id: str, spans: int) -> dict[str, Any]:
    """The trace, once all its spans are assembled."""
    found: dict[str, Any] = {}

    def there() -> bool:
        answer = httpx.get(f"{service.url('api')}/api/v1/traces/{trace_id}", timeout=30)
        found.update(answer.json())
        return answer.is_success and found["spans_total"] == spans

    until(there, 30, lambda: f"{found}")
    return found
