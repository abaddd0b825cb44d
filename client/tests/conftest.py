from collections.abc import Iterator

import pytest
from doldrums_client import OpenSpanProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer

from client.tests.otlp_receiver import OtlpReceiver, serving
from client.tests.spans import Traced


@pytest.fixture
def receiver() -> Iterator[OtlpReceiver]:
    with serving() as one:
        yield one


@pytest.fixture
def traced() -> Iterator[Traced]:
    """Give a tracer whose provider has the processor, and shut the provider down afterwards."""
    providers = []

    def with_processor(processor: OpenSpanProcessor, **options: object) -> Tracer:
        resource = Resource({"service.name": "crew"})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False, **options)
        provider.add_span_processor(processor)
        providers.append(provider)
        return provider.get_tracer("crew.scope", "1.2")

    yield with_processor
    for provider in providers:
        provider.shutdown()
