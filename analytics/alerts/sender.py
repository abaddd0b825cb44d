"""The sender: a thread that delivers the outbox."""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import httpx
from sqlalchemy import Engine

from analytics.alerts import outbox
from analytics.alerts.lane import Lane
from analytics.alerts.webhook import Webhook
from analytics.state.tables import deliveries

# The Standard Webhooks specification 1.0 asks for 15 to 30 s.
TIMEOUT_S = 15.0
_POLL_S = 0.5
_STOP_S_MAX = 2.0
_FINISH_S_MAX = 1.0
_DATABASE_THREADS = 4
_UNCONFIGURED = "Not sent: no webhook of this name is configured any more."


def _now() -> datetime:
    return datetime.now(UTC)


class Sender:
    """Delivers messages at least once, each webhook's in a lane of its own.

    Several senders may work on one database: a message is claimed by one of them at a time.

    Parameters
    ----------
    clock, jitter, timeout_s
        As of a `Lane`.
    webhooks
        Each with a name of its own.
    poll_s
        How often an empty outbox is looked into.
    """

    def __init__(
        self,
        engine: Engine,
        webhooks: Sequence[Webhook],
        *,
        clock: Callable[[], datetime] = _now,
        jitter: Callable[[], float] = random.random,
        timeout_s: float = TIMEOUT_S,
        poll_s: float = _POLL_S,
    ) -> None:
        self._engine = engine
        self._webhooks = tuple(webhooks)
        self._clock = clock
        self._jitter = jitter
        self._timeout_s = timeout_s
        self._poll_s = poll_s
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Give up what waits for webhooks that are no longer configured, and begin to send."""
        unknown = deliveries.c.webhook.not_in([webhook.name for webhook in self._webhooks])
        outbox.refuse(self._engine, unknown, _UNCONFIGURED, self._clock())
        loop, stopping = asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(target=self._run, args=(loop, stopping), name="webhook-sender", daemon=True)
        thread.start()
        self._stop = partial(_stop, loop, stopping, thread)

    def stop(self) -> None:
        """Stop within two seconds; an attempt that is broken off is made again by the next sender."""
        self._stop()

    def _run(self, loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
        loop.run_until_complete(self._send(stopping))
        loop.close()

    async def _send(self, stopping: asyncio.Event) -> None:
        # No connection is kept: one that the receiver closes at that moment would be a failed attempt.
        # The environment is not trusted: a proxy or a .netrc of it would see the messages.
        client = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - each attempt has one for all of it
            trust_env=False,
            headers={"user-agent": "doldrums", "accept-encoding": "identity"},
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        with ThreadPoolExecutor(_DATABASE_THREADS, thread_name_prefix="outbox") as threads:
            async with client:
                lanes = [
                    asyncio.create_task(self._lane(webhook, client, threads).run(self._poll_s, stopping))
                    for webhook in self._webhooks
                ]
                await stopping.wait()
                # What is being sent may arrive: then it need not arrive twice.
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.gather(*lanes), _FINISH_S_MAX)

    def _lane(self, webhook: Webhook, client: httpx.AsyncClient, threads: Executor) -> Lane:
        return Lane(
            self._engine,
            webhook,
            client,
            threads,
            clock=self._clock,
            jitter=self._jitter,
            timeout_s=self._timeout_s,
        )


def _stop(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event, thread: threading.Thread) -> None:
    if thread.is_alive():
        loop.call_soon_threadsafe(stopping.set)
        thread.join(_STOP_S_MAX)
