"""Composes the dashboard: pages that see the API alone."""

from dashboard.server import run as run_pages
from doldrums.settings import Settings


def run(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT."""
    listen = settings.dashboard_address
    run_pages(host=listen.host, port=listen.port, api_url=settings.api_address.url)
