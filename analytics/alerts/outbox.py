"""The outbox: messages that wait for their webhooks, written in the transaction that causes them.

A sender claims a message for a minute, sends it and records what came of it. One that dies in
between leaves the claim to run out: the message is sent again, under the same id.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from analytics.alerts.attempt import Attempt
from analytics.state.tables import IS_PENDING, deliveries
from analytics.state.transaction import writing

# Well above what an attempt and its record may take.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that are neither delivered nor given up, and when the oldest was made."""

    messages: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one webhook; `step` is its place in the retry schedule, from 0."""

    id: str
    event: str
    body: str
    attempts: int
    step: int


def enqueue(
    connection: Connection,
    webhooks: Collection[str],
    event: str,
    bodies: Iterable[tuple[str, str | None, str]],
    now: datetime,
) -> list[str]:
    """Add a message for each webhook and each `(project, finding id, body)`; return their ids."""
    rows = [
        {
            "id": f"msg_{uuid.uuid4().hex}",
            "webhook": webhook,
            "event": event,
            "project": project,
            "finding_id": finding_id,
            "state": "pending",
            "attempts": 0,
            "step": 0,
            "created": now,
            "next_attempt": now,
            "request_body": body,
        }
        for project, finding_id, body in bodies
        for webhook in webhooks
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
    return [str(row["id"]) for row in rows]


def claim(engine: Engine, webhook: str, now: datetime) -> Message | None:
    """Take the message to `webhook` that is due longest, if one is; nobody else gets it for `LEASE`."""
    table = deliveries.c
    query = (
        select(table.id, table.event, table.request_body, table.attempts, table.step)
        .where(table.webhook == webhook, table.next_attempt <= now, _free(now), ~_waits_for_its_opening())
        .order_by(table.next_attempt, table.created, table.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    with writing(engine) as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        connection.execute(update(deliveries).where(table.id == row.id).values(leased_until=now + LEASE))
    return Message(row.id, row.event, row.request_body, row.attempts, row.step)


def record(
    engine: Engine, message: Message, attempt: Attempt, now: datetime, next_attempt: datetime | None
) -> None:
    """Write down an attempt; a failed one without a `next_attempt` was the last."""
    with writing(engine) as connection:
        connection.execute(
            update(deliveries)
            # Whoever delivered it in the meantime is right.
            .where(deliveries.c.id == message.id, IS_PENDING)
            .values(
                state="delivered" if attempt.error is None else "pending" if next_attempt else "failed",
                attempts=deliveries.c.attempts + 1,
                step=deliveries.c.step + 1,
                last_attempt=now,
                next_attempt=None if attempt.error is None else next_attempt,
                leased_until=None,
                status_code=attempt.status_code,
                latency_s=attempt.latency_s,
                error=attempt.error,
                response_body=attempt.response_body,
            )
        )


def release(engine: Engine, message: Message) -> None:
    """Give back a message that was claimed and whose attempt was broken off."""
    with writing(engine) as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == message.id).values(leased_until=None))


def refuse(engine: Engine, webhooks: ColumnElement[bool], reason: str, now: datetime) -> int:
    """Fail what waits for webhooks that get nothing any more; return how many messages that were."""
    with writing(engine) as connection:
        return connection.execute(
            update(deliveries)
            .where(webhooks, _free(now))
            .values(state="failed", next_attempt=None, error=reason)
        ).rowcount


def waiting(engine: Engine) -> dict[str, Waiting]:
    """Return what waits, by webhook; a webhook for which nothing does is not in it."""
    table = deliveries.c
    query = select(table.webhook, func.count(), func.min(table.created)).where(IS_PENDING)
    with engine.connect() as connection:
        return {
            webhook: Waiting(*rest) for webhook, *rest in connection.execute(query.group_by(table.webhook))
        }


def _free(now: datetime) -> ColumnElement[bool]:
    """Say that a delivery is pending and that no sender holds it."""
    table = deliveries.c
    return and_(IS_PENDING, or_(table.leased_until.is_(None), table.leased_until <= now))


def _waits_for_its_opening() -> ColumnElement[bool]:
    """Say that a finding's opening, to the same webhook, is to be delivered or given up first."""
    opening = deliveries.alias("opening")
    return and_(
        deliveries.c.event == "finding.resolved",
        exists().where(
            opening.c.finding_id == deliveries.c.finding_id,
            opening.c.webhook == deliveries.c.webhook,
            opening.c.event == "finding.opened",
            opening.c.state == literal("pending", literal_execute=True),
        ),
    )
