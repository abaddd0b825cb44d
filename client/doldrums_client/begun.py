"""Begun: something awaitable that has gone as far as it goes without waiting."""

from collections.abc import Awaitable, Generator
from typing import Any


class Begun:
    """Takes the first step of `awaitable` at once; awaiting it does the rest.

    Whether a lock of asyncio can be had at once only its `acquire` knows: `locked` is false too
    while a lock that was given back is on its way to whoever queues for it.

    Examples
    --------
    >>> import asyncio
    >>> lock = asyncio.Lock()
    >>> Begun(lock.acquire()).is_done
    True
    """

    def __init__(self, awaitable: Awaitable[object]) -> None:
        self.is_done = False
        self._steps: Any = awaitable.__await__()
        self._pause: object = None
        self._step(None)

    def __await__(self) -> Generator[object, Any, None]:
        while not self.is_done:
            try:
                yield self._pause
            except BaseException as error:  # noqa: BLE001 - such as a cancellation: it is for what waits within
                self._step(error)
            else:
                self._step(None)

    def close(self) -> None:
        """Give up what has begun and was not awaited to its end."""
        self._steps.close()

    def _step(self, error: BaseException | None) -> None:
        try:
            self._pause = next(self._steps) if error is None else self._steps.throw(error)
        except StopIteration:
            self.is_done = True
