"""Composes the demo's feed: agents that send traces to this service's own receiver."""

import os

from opentelemetry.sdk.environment_variables import OTEL_EXPORTER_OTLP_HEADERS

from doldrums.demo import feed
from doldrums.local_keys import read_local_keys
from doldrums.settings import Settings
from doldrums.stopping import told_to_stop


def run(settings: Settings) -> None:
    """Send demo traffic until SIGTERM or SIGINT."""
    # every exporter of the feed reads it, as those of its users' agents do
    os.environ[OTEL_EXPORTER_OTLP_HEADERS] = f"x-api-key={read_local_keys(settings.data_dir).feed}"
    feed.run(
        str(settings.otlp_http_address.reachable), str(settings.otlp_grpc_address.reachable), told_to_stop()
    )
