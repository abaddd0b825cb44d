"""One webhook's messages, one after another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

import httpx
import structlog
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode
from prometheus_client import Counter, Histogram
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.alerts import outbox
from analytics.alerts.attempt import Attempt, post
from analytics.alerts.outbox import Message
from analytics.alerts.schedule import next_attempt
from analytics.alerts.webhook import Webhook
from analytics.state.tables import deliveries

log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)
_ATTEMPTS = Counter(
    "doldrums_core_delivery_attempts",
    "Messages sent to a webhook, by what came of it",
    ["webhook", "outcome"],
)
_ANSWER_S = Histogram(
    "doldrums_core_delivery_answer_seconds",
    "Time until a webhook answered or was given up",
    ["webhook"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
P = ParamSpec("P")
T = TypeVar("T")

_DISABLED = "Not sent: the webhook answered 410 Gone and gets nothing more until the service restarts."
_TROUBLE_WAIT_S = 5.0


class Lane:
    """Sends what is due to one webhook; whatever happens to it, the other lanes go on.

    Parameters
    ----------
    threads
        Where the database is waited for.
    clock
        The time in UTC.
    jitter
        Random numbers in [0, 1).
    timeout_s
        How long an answer is waited for.
    """

    def __init__(
        self,
        engine: Engine,
        webhook: Webhook,
        client: httpx.AsyncClient,
        threads: Executor,
        *,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        timeout_s: float,
    ) -> None:
        self._engine = engine
        self._webhook = webhook
        self._client = client
        self._threads = threads
        self._clock = clock
        self._jitter = jitter
        self._timeout_s = timeout_s
        self._disabled = False
        self._held_until: datetime | None = None
        for outcome in ("delivered", "retry", "failed"):
            # a rate needs the zero before the first
            _ATTEMPTS.labels(webhook.name, outcome)

    async def run(self, poll_s: float, stopping: asyncio.Event) -> None:
        """Send until told to stop; look every `poll_s` when nothing is due."""
        while not stopping.is_set():
            try:
                if await self.send_next():
                    continue
                wait_s = poll_s
            except Exception:
                log.exception("webhook_sending_broke_off", webhook=self._webhook.name)
                wait_s = _TROUBLE_WAIT_S
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), wait_s)

    async def send_next(self) -> bool:
        """Send the message that is due longest; say whether there was one."""
        now = self._clock()
        if self._disabled:
            mine = deliveries.c.webhook == self._webhook.name
            await self._call(outbox.refuse, self._engine, mine, _DISABLED, now)
            return False
        if self._held_until is not None and now < self._held_until:
            return False
        message = await self._call(outbox.claim, self._engine, self._webhook.name, now)
        if message is None:
            return False
        await self._send(message)
        return True

    async def _send(self, message: Message) -> None:
        try:
            with _tracer.start_as_current_span("deliver", kind=SpanKind.CLIENT) as span:
                attempt = await post(
                    self._client,
                    self._webhook,
                    message.id,
                    message.body,
                    now=self._clock(),
                    timeout_s=self._timeout_s,
                )
                self._describe(span, message, attempt)
        except asyncio.CancelledError:
            # Without it the claim runs out by itself.
            with suppress(SQLAlchemyError):
                outbox.release(self._engine, message)
            raise
        finally:
            # A cookie that a receiver sets is nothing we owe it back.
            self._client.cookies.clear()
        now = self._clock()
        again = self._again(message, attempt, now)
        await self._call(outbox.record, self._engine, message, attempt, now, again)
        self._report(message, attempt, again)

    def _again(self, message: Message, attempt: Attempt, now: datetime) -> datetime | None:
        if attempt.error is None:
            return None
        if attempt.gone:
            self._disabled = True
            return None
        if attempt.retry_after_s is not None:
            self._held_until = now + timedelta(seconds=attempt.retry_after_s)
        return next_attempt(message.step, now, self._jitter(), attempt.retry_after_s)

    def _describe(self, span: Span, message: Message, attempt: Attempt) -> None:
        span.set_attribute("doldrums.webhook", self._webhook.name)
        span.set_attribute("doldrums.delivery", message.id)
        if attempt.status_code is not None:
            span.set_attribute("http.response.status_code", attempt.status_code)
        if attempt.error is not None:
            span.set_status(StatusCode.ERROR, attempt.error)

    def _report(self, message: Message, attempt: Attempt, again: datetime | None) -> None:
        delivered = attempt.error is None
        outcome = "delivered" if delivered else "retry" if again else "failed"
        _ATTEMPTS.labels(self._webhook.name, outcome).inc()
        _ANSWER_S.labels(self._webhook.name).observe(attempt.latency_s)
        (log.info if delivered else log.warning)(
            "webhook_attempt",
            webhook=self._webhook.name,
            delivery=message.id,
            type=message.event,
            attempt=message.attempts + 1,
            outcome=outcome,
            status_code=attempt.status_code,
            latency_ms=round(attempt.latency_s * 1000, 1),
            error=attempt.error,
            next_attempt=again and again.isoformat(),
        )

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Wait for the database in a thread, so that the other lanes need not."""
        call = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
