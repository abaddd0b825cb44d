"""GET /metrics."""

from fastapi import APIRouter, Request, Response

from collector.exposition import CONTENT_TYPE, Exposition


def router(exposition: Exposition) -> APIRouter:
    """Return the route."""
    routes = APIRouter(tags=["service"])

    @routes.get("/metrics", response_class=Response)
    def metrics(request: Request) -> Response:
        """What Prometheus reads: docs/operations.md lists the metrics, and says who may read them."""
        status, text = exposition.answer(request.scope)
        return Response(text, status, media_type=CONTENT_TYPE)

    return routes
