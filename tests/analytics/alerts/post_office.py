"""One webhook's lane under a clock that the test sets."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx
from sqlalchemy import Engine, select

from analytics.alerts.deliveries import Deliveries
from analytics.alerts.lane import Lane
from analytics.alerts.outbox import enqueue
from analytics.alerts.webhook import Webhook
from analytics.api import models
from analytics.state.tables import deliveries
from analytics.state.transaction import writing
from tests.analytics.alerts.receiver import SECRET


class PostOffice:
    """Puts messages to the webhook `ops` into the outbox and sends those that are due."""

    def __init__(self, engine: Engine, url: str, *, jitter: float = 0.0, timeout_s: float = 5.0) -> None:
        self.engine = engine
        self.webhook = Webhook("ops", url, SECRET)
        self.deliveries = Deliveries(engine, ["ops"])
        self.timeout_s = timeout_s
        # Receivers refuse timestamps that are minutes old.
        self.now = datetime.now(UTC).replace(microsecond=0)
        self._jitter = jitter
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        self._runner = self._resources.enter_context(asyncio.Runner())
        self._threads = self._resources.enter_context(ThreadPoolExecutor(1))
        self.restart()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def restart(self) -> None:
        """Begin anew, as after a restart of the service."""
        self._lane = Lane(
            self.engine,
            self.webhook,
            httpx.AsyncClient(timeout=None, trust_env=False, verify=False),
            self._threads,
            clock=lambda: self.now,
            jitter=lambda: self._jitter,
            timeout_s=self.timeout_s,
        )

    def put(self, body: str = '{"type":"webhook.test"}') -> str:
        with writing(self.engine) as connection:
            [delivery_id] = enqueue(connection, ["ops"], "webhook.test", [("shop", None, body)], self.now)
        return delivery_id

    def send(self) -> int:
        """Send what is due now; return how many attempts that were."""
        attempts = 0
        while self._runner.run(self._lane.send_next()):
            attempts += 1
        return attempts

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)

    def delivery(self, delivery_id: str) -> models.Delivery:
        return next(each for each in self.deliveries.list("shop").items if each.id == delivery_id)

    def row(self, delivery_id: str) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one()
