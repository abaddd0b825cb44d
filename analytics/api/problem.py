"""Errors as RFC 9457 problem documents."""

from http import HTTPStatus

import structlog
from clickhouse_connect.driver.exceptions import ClickHouseError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from analytics.api.models import Problem
from analytics.state.cursor import CursorError
from collector.errors import StoreUnavailable

log = structlog.get_logger(__name__)

# What a restart takes (docs/performance.md), rounded up.
_RETRY_AFTER_S = 5


def install(app: FastAPI) -> None:
    """Let `app` answer every error with a problem document."""

    @app.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> Response:
        response = problem(error.status_code, error.detail)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> Response:
        faults = (f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors())
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(faults))

    @app.exception_handler(CursorError)
    def lost(_request: Request, error: CursorError) -> Response:
        return problem(HTTPStatus.BAD_REQUEST, str(error))

    @app.exception_handler(ClickHouseError)
    @app.exception_handler(StoreUnavailable)
    def unavailable(request: Request, error: Exception) -> Response:
        log.error("store_did_not_answer", path=request.url.path, exc_info=error)
        response = problem(HTTPStatus.SERVICE_UNAVAILABLE, "The store cannot answer now. Try again later.")
        response.headers["Retry-After"] = str(_RETRY_AFTER_S)
        return response

    @app.exception_handler(Exception)
    def failed(_request: Request, _error: Exception) -> Response:
        # Starlette raises it again once this is sent, and uvicorn logs it with its traceback
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "doldrums failed at this. Its log says how.")


def problem(status: int, detail: str) -> Response:
    """Return the answer that says what went wrong."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(body.model_dump_json(), status, media_type="application/problem+json")
