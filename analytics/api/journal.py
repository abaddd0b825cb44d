"""POST /journal/replay: loads archived or quarantined spans that the store does not have."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, HTTPException

from analytics.api import models
from analytics.api.access import Caller


def router(replay: Callable[[models.ReplayRequest], models.ReplayOutcome]) -> APIRouter:
    """Return the route; `replay` raises FileNotFoundError for a file that is not there."""
    problems: dict[int | str, dict[str, object]] = {code: {"model": models.Problem} for code in (403, 404)}
    routes = APIRouter(tags=["service"], dependencies=[Depends(_operator)], responses=problems)

    @routes.post("/journal/replay")
    def replay_file(request: models.ReplayRequest) -> models.ReplayOutcome:
        """Load what one file holds, if it is not stored: `doldrums journal replay` calls this for each."""
        try:
            return replay(request)
        except FileNotFoundError:
            raise HTTPException(404, "There is no such file in the archive or the quarantine.") from None

    return routes


def _operator(caller: Caller) -> None:
    """A file holds spans of all projects, and to load them again is work: nobody's but the operator's."""
    if "operator" not in caller.scopes:
        raise HTTPException(403, "Run `doldrums journal replay` on the machine of the service.")
