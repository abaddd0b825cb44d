"""The API: routes under /api/v1, health beside them, OpenAPI at /docs."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline

from analytics.api import problem
from analytics.api.access import gate
from analytics.api.observed import Observed
from collector.keys.keyring import Authority

DESCRIPTION = """
Who is stuck and on whom, where an error began, what changed - with evidence.

Times are RFC 3339 with nanoseconds, ids lower-case hexadecimal, durations seconds. Lists are
`{"items": [...], "next": cursor or null}`; errors are RFC 9457 problem documents.
"""

# FastAPI's own spans have paths and queries in them: ids, and words that were searched for.
_UNOBSERVED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(version: str, routers: Sequence[APIRouter], health: APIRouter, keys: Authority) -> FastAPI:
    """Compose the application from its routers; health is for everybody, the rest for who shows a key."""
    # its pages come with the package: FastAPI's own load from a content delivery network
    app = FastAPIOffline(
        redoc_url=None, title="doldrums", version=version, description=DESCRIPTION, telemetry=_UNOBSERVED
    )
    app.add_middleware(Observed)
    problem.install(app)
    for router in routers:
        app.include_router(router, prefix="/api/v1", dependencies=gate(keys))
    app.include_router(health)
    return app
