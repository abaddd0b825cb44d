"""Turns at what only a few may do at once, and that nobody keeps from others by being slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from collector.errors import Overloaded, TransientError

# An exporter gives up after 10 s.
_WAIT_S_MAX = 5.0
_TURN_S_MAX = 30.0
# Those who wait share what the longest turns may still take, so that a crowd of callers who send
# nothing is through in time. What has arrived while its caller waited is read in milliseconds; the
# shortest turn is what the largest message takes on a busy machine.
_SHARED_S = 2.0
_TURN_S_MIN = 0.25


class Turns:
    """For one event loop, not for threads.

    Parameters
    ----------
    places
        How many have their turn at once.
    """

    def __init__(self, places: int) -> None:
        self._places = asyncio.Semaphore(places)
        self._waiting = 0
        self._begun_s: dict[asyncio.Timeout, float] = {}

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it until the end of the `with`.

        Raises
        ------
        TransientError
            It did not come, or took too long: while others wait, the longest turns are ended.
        """
        await self._wait()
        try:
            async with asyncio.timeout(_TURN_S_MAX) as end:
                self._begun_s[end] = asyncio.get_running_loop().time()
                self._set_ends()
                yield
        except TimeoutError:
            raise TransientError("the request did not come") from None
        finally:
            self._begun_s.pop(end)
            self._places.release()

    async def _wait(self) -> None:
        self._waiting += 1
        self._set_ends()
        try:
            async with asyncio.timeout(_WAIT_S_MAX):
                await self._places.acquire()
        except TimeoutError:
            raise Overloaded("too many requests are being received at once") from None
        finally:
            self._waiting -= 1
            self._set_ends()

    def _set_ends(self) -> None:
        """As many of the longest turns as others wait are ended soon."""
        shared_s = max(_SHARED_S / max(self._waiting, 1), _TURN_S_MIN)
        for number, (end, begun_s) in enumerate(self._begun_s.items()):
            if not end.expired():
                end.reschedule(begun_s + (shared_s if number < self._waiting else _TURN_S_MAX))
