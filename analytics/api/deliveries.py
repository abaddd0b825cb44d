"""GET /deliveries, POST /deliveries/{id}/resend and POST /webhooks/{name}/test."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from analytics.alerts.deliveries import Deliveries, UnknownWebhookError
from analytics.api import models
from analytics.api.access import Caller


def router(deliveries: Deliveries) -> APIRouter:
    """Return the routes; a cursor that is not ours raises CursorError, which the app answers with 400."""
    routes = APIRouter(tags=["deliveries"])

    @routes.get("/deliveries")
    def list_deliveries(
        *,
        caller: Caller,
        state: models.DeliveryState | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> models.Page[models.Delivery]:
        """Deliveries, newest first."""
        return deliveries.list(caller.project, state, cursor=cursor, limit=limit)

    @routes.post("/deliveries/{delivery_id}/resend", status_code=202, responses=_PROBLEMS)
    def resend_delivery(caller: Caller, delivery_id: str) -> models.Delivery:
        """Send a delivery again, under its id; it waits in the outbox when this answers."""
        try:
            delivery = deliveries.resend(caller.project, delivery_id, datetime.now(UTC))
        except UnknownWebhookError as error:
            raise HTTPException(409, str(error)) from error
        if delivery is None:
            raise HTTPException(404, "There is no delivery of this id.")
        return delivery

    @routes.post("/webhooks/{name}/test", status_code=202, responses=_PROBLEMS)
    def test_webhook(caller: Caller, name: str) -> models.Delivery:
        """Send a test message; it waits in the outbox when this answers."""
        try:
            return deliveries.trial(caller.project, name, datetime.now(UTC))
        except UnknownWebhookError as error:
            raise HTTPException(404, str(error)) from error

    return routes


_PROBLEMS: dict[int | str, dict[str, object]] = {status: {"model": models.Problem} for status in (404, 409)}
