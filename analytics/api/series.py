"""GET /series and /series/{id}, POST and GET /series/{id}/acceptances: what is watched for drift."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from analytics.api import drift_models as models
from analytics.api.access import Caller
from analytics.api.failed_in import within
from analytics.api.models import Problem
from analytics.period import Period
from analytics.series.accepted import AcceptedDrift, AcceptedDrifts
from analytics.series.reader import SeriesReader
from analytics.series.standing import SeriesFilters

# Without `from`.
DEFAULT = timedelta(days=7)
# What is counted is kept for so long.
SINCE_MAX = timedelta(days=70)

SeriesId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="16 hexadecimal digits")]
Word = Annotated[str, Query(max_length=1_000)]


def router(reader_of: Callable[[str], SeriesReader], accepted: AcceptedDrifts) -> APIRouter:
    """Return the routes; a cursor that is not ours raises CursorError, which the app answers with 400.

    Parameters
    ----------
    reader_of
        Gives the reader of a project.
    """
    routes = APIRouter(tags=["drift"], responses={404: {"model": Problem}})

    @routes.get("/series")
    def list_series(
        *,
        caller: Caller,
        environment: Word = "",
        agent: Word = "",
        metric: Word = "",
        state: models.SeriesState | None = None,
        q: Word = "",
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> models.SeriesPage:
        """Series, those that drift first, then those whose evidence is nearest to what it takes."""
        filters = SeriesFilters(environment, agent, metric, q, state)
        return reader_of(caller.project).page(filters, cursor, limit, datetime.now(UTC))

    @routes.get("/series/{series_id}")
    def get_series(
        caller: Caller, series_id: SeriesId, period: Annotated[Period, Depends(within(DEFAULT))]
    ) -> models.Series:
        """One series by the hour in [from, to), the last 7 days without them, with what is usual."""
        found = reader_of(caller.project).one(int(series_id, 16), period, datetime.now(UTC))
        if found is None:
            raise HTTPException(404, _NONE)
        return found

    @routes.post("/series/{series_id}/acceptances", status_code=201)
    def accept(caller: Caller, series_id: SeriesId, wanted: models.AcceptanceWanted) -> models.Acceptance:
        """Take what a series does since a time for its new normal: it is learned anew from then on."""
        now = datetime.now(UTC)
        since = reader_of(caller.project).drift_began(int(series_id, 16), now)
        if since is None:
            raise HTTPException(404, _NONE)
        since = wanted.since or since
        if not now - SINCE_MAX <= since <= now:
            raise HTTPException(422, f"`since` must lie in the last {SINCE_MAX.days} days.")
        who = f"{wanted.by} ({caller.id})" if wanted.by else caller.id
        accepted_now = AcceptedDrift(caller.project, int(series_id, 16), since, now, who, wanted.note)
        return accepted.accept(accepted_now)

    @routes.get("/series/{series_id}/acceptances")
    def acceptances(caller: Caller, series_id: SeriesId) -> Sequence[models.Acceptance]:
        """Who took a drift of a series for the new normal, and why; the latest first."""
        if reader_of(caller.project).drift_began(int(series_id, 16), datetime.now(UTC)) is None:
            raise HTTPException(404, _NONE)
        return accepted.of(caller.project, int(series_id, 16))

    return routes


_NONE = "There is no series of this id."
