"""GET /contracts: what calls are held against, and how they keep it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.failed_in import FailedIn
from analytics.contracts.reader import ContractReader

BoundaryId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="32 hexadecimal digits")]


def router(reader_of: Callable[[str], ContractReader]) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    reader_of
        Gives the reader of a project.
    """
    routes = APIRouter(tags=["contracts"])

    @routes.get("/contracts")
    def list_contracts(caller: Caller, asked: FailedIn) -> models.ContractBoundaries:
        """Boundaries of which calls were seen in [from, to), 24 hours without them: most breaks first."""
        return reader_of(caller.project).boundaries(asked)

    @routes.get("/contracts/learned")
    def learned_contracts(caller: Caller) -> models.LearnedContracts:
        """Learned contracts as JSON Schema 2020-12, to be reviewed and put into `contracts_dir`."""
        return reader_of(caller.project).learned()

    @routes.get("/contracts/{boundary}", responses={404: {"model": models.Problem}})
    def get_contract(caller: Caller, boundary: BoundaryId, asked: FailedIn) -> models.ContractDetail:
        """One boundary: its contracts by version, how they were broken, how often over time."""
        found = reader_of(caller.project).boundary(asked, boundary)
        if found is None:
            raise HTTPException(404, "No call of this boundary was seen in that time.")
        return found

    return routes
