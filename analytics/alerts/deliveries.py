"""Deliveries as the API shows and commands them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, select, update

from analytics.alerts.message import Links, trial_message
from analytics.alerts.outbox import enqueue
from analytics.api import models
from analytics.rfc3339 import rfc3339
from analytics.state.cursor import newest_first
from analytics.state.tables import deliveries
from analytics.state.text import storable
from analytics.state.transaction import writing


class UnknownWebhookError(LookupError):
    """No webhook of this name is configured."""


class Deliveries:
    """Lists deliveries, makes trial ones, and sends old ones again.

    Parameters
    ----------
    webhooks
        Names of those that are configured.
    """

    def __init__(self, engine: Engine, webhooks: Sequence[str], links: Links | None = None) -> None:
        self._engine = engine
        self._webhooks = tuple(webhooks)
        self._links = links or Links()

    def list(
        self,
        project: str,
        state: models.DeliveryState | None = None,
        *,
        cursor: str | None = None,
        limit: int = 100,
    ) -> models.Page[models.Delivery]:
        """Return one page of a project's deliveries, newest first.

        Raises
        ------
        CursorError
            If `cursor` is not one that a page gave.
        """
        query = select(deliveries).where(deliveries.c.project == project)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        with self._engine.connect() as connection:
            rows, following = newest_first(
                connection,
                query,
                at=deliveries.c.created,
                id_=deliveries.c.id,
                cursor=cursor,
                limit=limit,
            )
        return models.Page(items=[_shown(row) for row in rows], next=following)

    def trial(self, project: str, webhook: str, now: datetime) -> models.Delivery:
        """Put a `webhook.test` message into the outbox; the project's list shows it.

        Raises
        ------
        UnknownWebhookError
        """
        self._require(webhook)
        body = trial_message(webhook, now, self._links)
        with writing(self._engine) as connection:
            [delivery_id] = enqueue(connection, [webhook], "webhook.test", [(project, None, body)], now)
            return _read(connection, delivery_id)

    def resend(self, project: str, delivery_id: str, now: datetime) -> models.Delivery | None:
        """Send a delivery again from the beginning of the schedule, under its id; None if unknown.

        Raises
        ------
        UnknownWebhookError
            If its webhook is no longer configured.
        """
        mine = and_(deliveries.c.id == storable(delivery_id), deliveries.c.project == project)
        with writing(self._engine) as connection:
            webhook = connection.execute(select(deliveries.c.webhook).where(mine)).scalar()
            if webhook is None:
                return None
            self._require(webhook)
            connection.execute(
                update(deliveries).where(mine).values(state="pending", step=0, next_attempt=now)
            )
            return _read(connection, delivery_id)

    def _require(self, webhook: str) -> None:
        if webhook not in self._webhooks:
            raise UnknownWebhookError(f"No webhook named {webhook} is configured.")


def _read(connection: Connection, delivery_id: str) -> models.Delivery:
    query = select(deliveries).where(deliveries.c.id == delivery_id)
    return _shown(dict(connection.execute(query).mappings().one()))


def _shown(record: Mapping[str, Any]) -> models.Delivery:
    def time(column: str) -> str | None:
        return rfc3339(record[column]) if record[column] else None

    return models.Delivery(
        id=record["id"],
        webhook=record["webhook"],
        event=record["event"],
        finding_id=record["finding_id"],
        state=record["state"],
        attempts=record["attempts"],
        created=rfc3339(record["created"]),
        last_attempt=time("last_attempt"),
        next_attempt=time("next_attempt"),
        status_code=record["status_code"],
        latency_s=record["latency_s"],
        error=record["error"],
        request_body=record["request_body"],
        response_body=record["response_body"],
    )
