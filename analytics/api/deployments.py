"""POST and GET /deployments: known changes, by which drift is blamed."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends

from analytics.api import models
from analytics.api.access import Caller
from analytics.api.failed_in import within
from analytics.deployments.known import Changes
from analytics.deployments.ledger import DeploymentLedger
from analytics.period import Period

# Without `from`.
DEFAULT = timedelta(days=28)


def router(ledger: DeploymentLedger, changes: Changes) -> APIRouter:
    """Return the routes.

    Parameters
    ----------
    changes
        Returns the changes of a project in a period, reported or seen in traces, the latest first.
    """
    routes = APIRouter(tags=["drift"])

    @routes.post("/deployments", status_code=201)
    def report(caller: Caller, wanted: models.DeploymentWanted) -> models.Deployment:
        """Note a change: what differs from then on is blamed on it by name, and found sooner."""
        return ledger.report(caller.project, wanted, caller.id, datetime.now(UTC))

    @routes.get("/deployments")
    def deployments(
        caller: Caller, period: Annotated[Period, Depends(within(DEFAULT))]
    ) -> models.Page[models.Deployment]:
        """Changes in a period, reported or seen in traces, the latest first."""
        return models.Page(items=list(changes(caller.project, period)))

    return routes
