"""GET /stats: the service at a glance."""

from collections.abc import Callable

from fastapi import APIRouter

from analytics.api import models
from analytics.api.access import Caller


def router(stats: Callable[[str | None], models.Stats]) -> APIRouter:
    """Return the route.

    Parameters
    ----------
    stats
        Counts of a project, or of the whole service.
    """
    routes = APIRouter(tags=["service"])

    @routes.get("/stats")
    def get_stats(caller: Caller) -> models.Stats:
        """Counts since the data folder was made, the journal, and the detectors' last looks.

        A key sees the counts of its project.
        """
        sees_all = caller.is_anonymous or "operator" in caller.scopes
        return stats(None if sees_all else caller.project)

    return routes
