"""One running service for the tests that do not stop or change it."""

import json
from collections.abc import Iterator

import pytest

from analytics.alerts.webhook import new_secret
from tests.doldrums.endpoint import Endpoint, listening
from tests.end_to_end.webhook_receiver import WebhookReceiver
from tests.service import Service


@pytest.fixture(scope="session")
def secret() -> str:
    return new_secret()


@pytest.fixture(scope="session")
def own_traces() -> Iterator[Endpoint]:
    """Where the service sends traces of its own work."""
    with listening() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, own_traces: Endpoint, secret: str) -> Iterator[Service]:
    with WebhookReceiver(secret) as receiver:
        settings = {
            "DOLDRUMS_OWN_TRACES_ENDPOINT": own_traces.url,
            "DOLDRUMS_WEBHOOKS": json.dumps([{"name": "desk", "url": receiver.url, "secret": secret}]),
            # meant for the agents of whoever runs it: nothing of ours listens to it
            "OTEL_EXPORTER_OTLP_HEADERS": "authorization=for-the-agents-alone",
            "OTEL_SDK_DISABLED": "true",
        }
        with Service(tmp_path_factory.mktemp("service"), settings) as service:
            yield service
