"""GET /findings and /findings/{id}."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime

from analytics.api import models
from analytics.api.access import Caller
from analytics.findings.filters import Filters
from analytics.findings.ledger import FindingLedger


def router(ledger: FindingLedger) -> APIRouter:
    """Return the routes; a cursor that is not ours raises CursorError, which the app answers with 400."""
    routes = APIRouter(tags=["findings"])

    @routes.get("/findings")
    def list_findings(
        *,
        caller: Caller,
        detector: str | None = None,
        state: models.FindingState | None = None,
        severity: models.Severity | None = None,
        grade: models.Grade | None = None,
        agent: str | None = None,
        trace_id: str | None = None,
        seen_from: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        seen_to: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> models.Page[models.Finding]:
        """Findings, newest first; `from` and `to` ask for those seen at any time in [from, to)."""
        filters = Filters(detector, state, severity, grade, agent, trace_id, seen_from, seen_to)
        return ledger.list(caller.project, filters, cursor=cursor, limit=limit)

    @routes.get("/findings/{finding_id}", responses={404: {"model": models.Problem}})
    def get_finding(caller: Caller, finding_id: str) -> models.Finding:
        """One finding."""
        finding = ledger.get(caller.project, finding_id)
        if finding is None:
            raise HTTPException(404, "There is no finding of this id.")
        return finding

    return routes
