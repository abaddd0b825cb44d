"""GET /chains and /chains/{fingerprint}: where errors began, how they travelled, how it came out."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.failed_in import FailedIn
from analytics.chains.reader import ChainReader

Fingerprint = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="32 hexadecimal digits")]


def router(reader_of: Callable[[str], ChainReader]) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    reader_of
        Gives the reader of a project.
    """
    routes = APIRouter(tags=["chains"])

    @routes.get("/chains")
    def list_chains(caller: Caller, asked: FailedIn) -> models.ErrorChains:
        """Error chains of [from, to), 24 hours without them: those that failed most traces first."""
        return reader_of(caller.project).chains(asked)

    @routes.get("/chains/{fingerprint}", responses={404: {"model": models.Problem}})
    def get_chain(caller: Caller, fingerprint: Fingerprint, asked: FailedIn) -> models.ErrorChainDetail:
        """One error chain with its newest traces, and the spans that it went through in one of them."""
        found = reader_of(caller.project).chain(asked, fingerprint)
        if found is None:
            raise HTTPException(404, "No error took this way in that time.")
        return found

    return routes
