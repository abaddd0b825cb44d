"""locks: taking a lock, as a wait while it is held by others, and as a hold until it is given back."""

import asyncio
from types import TracebackType
from typing import Any, Generic, TypeVar

from opentelemetry import trace
from opentelemetry.trace import Tracer

from doldrums_client import attributes
from doldrums_client.begun import Begun
from doldrums_client.holds import Holds
from doldrums_client.waits import TRACER_NAME, Deadline, seconds_until, waiting_for

L = TypeVar("L")


class acquire(Generic[L]):  # noqa: N801 - read as a verb: `with acquire(lock, "index"):`
    """Take a lock for a block, and say so in spans.

    While somebody else has the lock there is a wait; while the block has it, a span that holds it.
    By both, rings of locks can be found, across threads, processes and machines, if the same lock
    has the same name everywhere. A lock that is free costs one span, the hold. One object may be
    entered often, by many threads or tasks at once too.

    Parameters
    ----------
    lock
        Whatever has `acquire` and `release`: a lock or semaphore of `threading` or
        `multiprocessing` (``with``), or of `asyncio` (``async with``).
    name
        The lock's name, the same for all who take it.
    deadline
        When to give up, by `TimeoutError`: seconds or a duration from when the block is entered, or
        a point in time.
    capacity
        How many may hold it at once: more than 1 for a semaphore.
    tracer
        Whose spans they are; those of the global provider if it is not said.

    Examples
    --------
    >>> import threading
    >>> index = threading.Lock()
    >>> with acquire(index, "index", deadline=5):
    ...     index.locked()
    True
    >>> index.locked()
    False
    """

    def __init__(
        self,
        lock: L,
        name: str,
        *,
        deadline: Deadline | None = None,
        capacity: int = 1,
        tracer: Tracer | None = None,
    ) -> None:
        self._lock: Any = lock
        self._name = name
        self._deadline = deadline
        self._capacity = capacity
        self._tracer = tracer or trace.get_tracer(TRACER_NAME)
        self._holds = Holds()

    def __enter__(self) -> L:
        timeout_s = self._timeout_s()
        if not self._lock.acquire(False):
            with self._waiting(timeout_s):
                self._acquire(timeout_s)
        return self._holding()

    async def __aenter__(self) -> L:
        timeout_s = self._timeout_s()
        taking = Begun(self._lock.acquire())
        if not taking.is_done:
            with self._waiting(timeout_s):
                await self._in_time(taking, timeout_s)
        return self._holding()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        # first the span: between the two nobody is seen to hold it, which is harmless; two would not be
        self._holds.take_back().end()
        self._lock.release()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, place)

    def _timeout_s(self) -> float | None:
        return None if self._deadline is None else seconds_until(self._deadline)

    def _waiting(self, timeout_s: float | None) -> Any:
        return waiting_for(
            self._name, kind="lock", resource=self._name, deadline=timeout_s, tracer=self._tracer
        )

    def _acquire(self, timeout_s: float | None) -> None:
        got = self._lock.acquire() if timeout_s is None else self._lock.acquire(True, timeout_s)
        if not got:
            raise self._too_late(timeout_s)

    async def _in_time(self, taking: Begun, timeout_s: float | None) -> None:
        try:
            await asyncio.wait_for(taking, timeout_s)
        except asyncio.TimeoutError:  # noqa: UP041 - another class before Python 3.11
            raise self._too_late(timeout_s) from None
        finally:
            # when the deadline has passed already, nobody awaits it
            taking.close()

    def _too_late(self, timeout_s: float | None) -> TimeoutError:
        return TimeoutError(f"the lock {self._name!r} was not given back within {timeout_s:g} s")

    def _holding(self) -> L:
        # not the current span: what the block does goes on below the agent, as it would without a lock
        said: dict[str, str | int] = {attributes.HOLDS: self._name, attributes.HOLDS_CAPACITY: self._capacity}
        self._holds.begin(self._tracer.start_span(f"hold {self._name}", attributes=said))
        held: L = self._lock
        return held
