"""Composes the demo's feed: agents that send traces to this service's own receiver."""

from doldrums.demo import feed
from doldrums.settings import Settings
from doldrums.stopping import told_to_stop


def run(settings: Settings) -> None:
    """Send demo traffic until SIGTERM or SIGINT."""
    feed.run(
        str(settings.otlp_http_address.reachable), str(settings.otlp_grpc_address.reachable), told_to_stop()
    )
