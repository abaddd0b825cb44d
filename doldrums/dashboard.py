"""Composes the dashboard: pages that see the API alone."""

from dashboard.server import run as run_pages
from doldrums.local_keys import read_local_keys
from doldrums.settings import Settings


def run(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT."""
    listen = settings.dashboard_address
    api_key = settings.api_key or read_local_keys(settings.data_dir).dashboard
    run_pages(host=listen.host, port=listen.port, api_url=settings.api_address.url, api_key=api_key)
