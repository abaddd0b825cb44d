"""GET /traces, /traces/{trace_id} and its spans."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import AwareDatetime

from analytics.api import models
from analytics.api.access import Caller
from analytics.traces.reader import TraceFilters, TraceReader

TraceId = Annotated[str, Path(pattern="^[0-9a-fA-F]{32}$", description="32 hexadecimal digits")]
SpanId = Annotated[str, Path(pattern="^[0-9a-fA-F]{16}$", description="16 hexadecimal digits")]


def router(reader_of: Callable[[str], TraceReader]) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    reader_of
        Gives the reader of a project.
    """
    routes = APIRouter(tags=["traces"])

    @routes.get("/traces")
    def list_traces(
        *,
        caller: Caller,
        start_from: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        start_to: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        agent: Annotated[str, Query(max_length=1000)] = "",
        status: models.TraceStatus | None = None,
        environment: Annotated[str, Query(max_length=1000)] = "",
        q: Annotated[str, Query(max_length=1000, description="words of the name or error, or an id")] = "",
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> models.Page[models.TraceSummary]:
        """Traces that began in [from, to), newest first.

        A trace has failed (`status=error`) when a root of it did; errors that were handled beneath
        a root that went well are counted in `errors`.
        """
        filters = TraceFilters(start_from, start_to, agent, status or "", environment, q)
        return reader_of(caller.project).page(filters, cursor, limit)

    @routes.get("/traces/{trace_id}", responses={404: {"model": models.Problem}})
    def get_trace(caller: Caller, trace_id: TraceId) -> models.Trace:
        """One trace in reading order: a parent before its children, siblings by start."""
        trace = reader_of(caller.project).trace(trace_id.lower())
        if trace is None:
            raise HTTPException(404, "There is no trace of this id. It may not have arrived yet.")
        return trace

    @routes.get("/traces/{trace_id}/spans/{span_id}", responses={404: {"model": models.Problem}})
    def get_span(caller: Caller, trace_id: TraceId, span_id: SpanId) -> models.SpanDetail:
        """Everything of one span, content included."""
        span = reader_of(caller.project).span(trace_id.lower(), span_id.lower())
        if span is None:
            raise HTTPException(404, "This trace has no span of this id. It may not have arrived yet.")
        return span

    return routes
