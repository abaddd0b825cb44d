"""GET /chains and /chains/{fingerprint}: where errors began, how they travelled, how it came out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import AwareDatetime

from analytics.api import models
from analytics.api.access import Caller
from analytics.chains.reader import ChainFilters, ChainReader

# Without `from`, and at most: what is counted is read.
DEFAULT = timedelta(hours=24)
LONGEST = timedelta(days=31)

Fingerprint = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="32 hexadecimal digits")]


def _asked(
    failed_from: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    failed_to: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    environment: Annotated[str, Query(max_length=1000)] = "",
) -> ChainFilters:
    end = failed_to or datetime.now(UTC)
    start = failed_from or end - DEFAULT
    if not start < end <= start + LONGEST:
        raise HTTPException(422, f"`from` must be before `to`, by {LONGEST.days} days at most.")
    return ChainFilters(start, end, environment)


Asked = Annotated[ChainFilters, Depends(_asked)]


def router(reader_of: Callable[[str], ChainReader]) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    reader_of
        Gives the reader of a project.
    """
    routes = APIRouter(tags=["chains"])

    @routes.get("/chains")
    def list_chains(caller: Caller, asked: Asked) -> models.ErrorChains:
        """Error chains of [from, to), 24 hours without them: those that failed most traces first."""
        return reader_of(caller.project).chains(asked)

    @routes.get("/chains/{fingerprint}", responses={404: {"model": models.Problem}})
    def get_chain(caller: Caller, fingerprint: Fingerprint, asked: Asked) -> models.ErrorChainDetail:
        """One error chain with its newest traces, and the spans that it went through in one of them."""
        found = reader_of(caller.project).chain(asked, fingerprint)
        if found is None:
            raise HTTPException(404, "No error took this way in that time.")
        return found

    return routes
