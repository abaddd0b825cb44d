"""POST /journal/replay: loads archived or quarantined spans that the store does not have."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException

from analytics.api import models


def router(replay: Callable[[models.ReplayRequest], models.ReplayOutcome]) -> APIRouter:
    """Return the route; `replay` raises FileNotFoundError for a file that is not there."""
    routes = APIRouter(tags=["service"])

    @routes.post("/journal/replay", responses={404: {"model": models.Problem}})
    def replay_file(request: models.ReplayRequest) -> models.ReplayOutcome:
        """Load what one file holds, if it is not stored: `doldrums journal replay` calls this for each."""
        try:
            return replay(request)
        except FileNotFoundError:
            raise HTTPException(404, "There is no such file in the archive or the quarantine.") from None

    return routes
