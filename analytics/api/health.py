"""GET /healthz and /readyz."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Response

from analytics.api import models


def router(not_ready: Callable[[], Sequence[str]]) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    not_ready
        Reasons why the service is not ready, empty when it is.
    """
    routes = APIRouter(tags=["service"])

    @routes.get("/healthz")
    def healthz() -> models.Health:
        """Answers while the process lives."""
        return models.Health(ok=True)

    @routes.get("/readyz", responses={503: {"model": models.Health}})
    def readyz(response: Response) -> models.Health:
        """Whether what is received is stored and looked at; 503 with reasons while not."""
        reasons = list(not_ready())
        response.status_code = 503 if reasons else 200
        return models.Health(ok=not reasons, reasons=reasons)

    return routes
