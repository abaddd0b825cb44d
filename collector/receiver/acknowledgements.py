"""Requests that wait for the same write are woken together.

A future of asyncio's own around each wait (`wrap_future`) wakes the loop once for every request.
Measured with four requests a write: 23 us a request that way, 14 us this way.
"""

import asyncio
from concurrent.futures import Future


class Acknowledgements:
    """Waits of one event loop for futures that other threads fulfil."""

    def __init__(self) -> None:
        self._waiting: dict[Future[None], list[asyncio.Future[None]]] = {}

    async def wait(self, stored: Future[None]) -> None:
        """Return once it is fulfilled, or raise what it failed with; who stops waiting stops nobody else."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting.get(stored)
        if waiting is None:
            waiting = self._waiting[stored] = []
            stored.add_done_callback(lambda done: loop.call_soon_threadsafe(self._wake, done))
        told = loop.create_future()
        waiting.append(told)
        await told

    def _wake(self, stored: Future[None]) -> None:
        error = stored.exception()
        for told in self._waiting.pop(stored):
            if told.done():  # its request was cancelled
                continue
            if error is None:
                told.set_result(None)
            else:
                told.set_exception(error)
