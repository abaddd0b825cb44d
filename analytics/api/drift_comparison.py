"""GET /drift/comparison: which series differ between two windows, versions or projects."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from analytics.api.access import Caller, project_of
from analytics.api.drift_models import Comparison
from analytics.api.models import Problem
from analytics.series.comparison import Limits
from analytics.series.side import Chosen
from analytics.series.window import Window, WindowError, windows

Compare = Callable[[Window, Window, Chosen, Limits], Comparison]
Side = Annotated[str, Query(min_length=1, max_length=1000)]
Name = Annotated[str, Query(max_length=1000)]


def router(compare: Compare) -> APIRouter:
    """Return the route."""
    routes = APIRouter(tags=["drift"])

    @routes.get("/drift/comparison", responses={403: {"model": Problem}})
    def comparison(
        caller: Caller,
        before: Annotated[Side, Query(alias="from")],
        after: Annotated[Side, Query(alias="to")],
        environment: Name = "",
        agent: Name = "",
        metric: Name = "",
        at_most_rate: Annotated[float, Query(gt=0, le=0.5)] = Limits().discovery_rate,
        margin: Annotated[float, Query(ge=0, le=100)] = Limits().margin,
    ) -> Comparison:
        """Series that differ between `from` and `to`.

        Each is a time such as `2026-11-01..2026-11-14` (days, both with it, or RFC 3339 instants),
        `version:1.4.2`, `project:NAME`, or several of them with commas between.
        """
        try:
            sides = windows(before, after, datetime.now(UTC), caller.project)
        except WindowError as error:
            raise HTTPException(422, str(error)) from None
        if project_of(caller) is not None and any(side.project != caller.project for side in sides):
            raise HTTPException(403, f"A key of project {caller.project} compares that project alone.")
        return compare(*sides, Chosen(environment, agent, metric), Limits(at_most_rate, margin))

    return routes
