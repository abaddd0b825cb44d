"""Memory for requests that are not answered yet, and its bound."""

from types import TracebackType
from typing import Self

from collector.errors import Overloaded


class InFlight:
    """Bytes of request bodies that are held now. For one event loop, not for threads."""

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self.held_bytes = 0


class Hold:
    """What one request holds, until the end of its `with`."""

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._held_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in_flight.held_bytes -= self._held_bytes

    def add(self, size: int) -> None:
        """Take `size` bytes more.

        Raises
        ------
        Overloaded
            There are not so many left.
        """
        if self._in_flight.held_bytes + size > self._in_flight.bytes_max:
            raise Overloaded("the requests being received fill the memory set aside for them")
        self._in_flight.held_bytes += size
        self._held_bytes += size
