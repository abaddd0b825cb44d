"""GET /stats: the service at a glance."""

from collections.abc import Callable

from fastapi import APIRouter

from analytics.api import models


def router(stats: Callable[[], models.Stats]) -> APIRouter:
    """Return the route."""
    routes = APIRouter(tags=["service"])

    @routes.get("/stats")
    def get_stats() -> models.Stats:
        """Counts since the data folder was made, the journal, and the detectors' last looks."""
        return stats()

    return routes
