"""Service: one process of the fleet, with the dialect and the transport that it uses."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import requests
from doldrums_client import OpenSpanProcessor, Rhythm
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from doldrums.demo.dialect import Dialect
from doldrums.demo.genai import GenAI
from doldrums.demo.openinference import OpenInference
from doldrums.demo.traceloop import Traceloop

ENVIRONMENT = "demo"

# The receiver is beside us, whatever proxy the environment names.
_NO_PROXY = (("grpc.enable_http_proxy", 0),)

# A receiver that is away must not hold up the end of the demo for long.
_TIMEOUT_S = 5
_BATCH_DELAY_MS = 500
_BATCH_SPANS = 512
# The history is flushed long before this many spans are waiting.
_QUEUE_SPANS = 16_384


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the fleet.

    Parameters
    ----------
    exporter
        Makes an exporter; each processor has one of its own, as the SDK wants.
    open_spans
        Makes what reports the open spans.
    """

    resource: Resource
    dialect: Dialect
    exporter: Callable[[], SpanExporter]
    open_spans: Callable[[], OpenSpanProcessor]

    def history(self) -> TracerProvider:
        """Return a provider for work that is over: finished spans alone."""
        provider = TracerProvider(resource=self.resource, sampler=ALWAYS_ON, shutdown_on_exit=False)
        batches = BatchSpanProcessor(
            self.exporter(), _QUEUE_SPANS, _BATCH_DELAY_MS, max_export_batch_size=_BATCH_SPANS
        )
        provider.add_span_processor(batches)
        return provider

    def live(self) -> TracerProvider:
        """Return a provider for work that goes on: open spans are reported as well."""
        provider = self.history()
        provider.add_span_processor(self.open_spans())
        return provider


def fleet(otlp_http: str, otlp_grpc: str, rhythm: Rhythm) -> dict[str, Service]:
    """Return the three services by name, each with a dialect and a transport of its own.

    Parameters
    ----------
    otlp_http, otlp_grpc
        ``host:port`` of the receiver.
    """

    def over_grpc() -> SpanExporter:
        return GrpcExporter(
            otlp_grpc,
            insecure=True,
            timeout=_TIMEOUT_S,
            channel_options=_NO_PROXY,  # type: ignore[arg-type]  # gRPC takes the number, the stub says text
        )

    def over_http() -> SpanExporter:
        url = f"http://{otlp_http}/v1/traces"
        return HttpExporter(url, timeout=_TIMEOUT_S, session=_without_proxy())

    def by_grpc() -> OpenSpanProcessor:
        return OpenSpanProcessor(over_grpc(), rhythm=rhythm)

    def by_http() -> OpenSpanProcessor:
        return OpenSpanProcessor(over_http(), rhythm=rhythm)

    def by_json() -> OpenSpanProcessor:
        return OpenSpanProcessor(endpoint=f"http://{otlp_http}", rhythm=rhythm)

    return {
        "software-team": Service(_resource("software-team", "2.3.0"), GenAI(), over_grpc, by_grpc),
        "research-desk": Service(_resource("research-desk", "1.8.1"), OpenInference(), over_http, by_http),
        "support-desk": Service(_resource("support-desk", "4.0.2"), Traceloop(), over_http, by_json),
    }


def _resource(name: str, version: str) -> Resource:
    return Resource.create(
        {
            "service.name": name,
            "service.version": version,
            "service.instance.id": str(uuid4()),
            "deployment.environment.name": ENVIRONMENT,
        }
    )


def _without_proxy() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session
