"""GET /series and /series/{id}, POST and GET /series/{id}/acceptances: what is watched for drift."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from analytics.api import drift_models as models
from analytics.api.access import Caller
from analytics.api.failed_in import within
from analytics.api.models import Problem
from analytics.period import Period
from analytics.series.accepted import AcceptedDrift, AcceptedDrifts
from analytics.series.reader import SeriesReader
from analytics.series.standing import SeriesFilters
from collector.keys.key import Key

# Without `from`.
DEFAULT = timedelta(days=7)
# What is counted is kept for so long.
SINCE_MAX = timedelta(days=70)

SeriesId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="16 hexadecimal digits")]
Word = Annotated[str, Query(max_length=1_000)]


class _Known(NamedTuple):
    """A series of the caller's project, and since when it drifts; since now where it does not."""

    caller: Key
    series: int
    began: datetime
    now: datetime


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

    # asked before the body is looked at: whose series it is not learns nothing of it
    def known(caller: Caller, series_id: SeriesId) -> _Known:
        series, now = int(series_id, 16), datetime.now(UTC)
        began = reader_of(caller.project).drift_began(series, now)
        if began is None:
            raise HTTPException(404, _NONE)
        return _Known(caller, series, began, now)

    @routes.post("/series/{series_id}/acceptances", status_code=201)
    def accept(of: Annotated[_Known, Depends(known)], wanted: models.AcceptanceWanted) -> models.Acceptance:
        """Take what a series does since a time for its new normal: it is learned anew from then on."""
        since = wanted.since or of.began
        if not of.now - SINCE_MAX <= since <= of.now:
            raise HTTPException(422, f"`since` must lie in the last {SINCE_MAX.days} days.")
        who = f"{wanted.by} ({of.caller.id})" if wanted.by else of.caller.id
        return accepted.accept(AcceptedDrift(of.caller.project, of.series, since, of.now, who, wanted.note))

    @routes.get("/series/{series_id}/acceptances")
    def acceptances(of: Annotated[_Known, Depends(known)]) -> Sequence[models.Acceptance]:
        """Who took a drift of a series for the new normal, and why; the latest first."""
        return accepted.of(of.caller.project, of.series)

    return routes


_NONE = "There is no series of this id."
