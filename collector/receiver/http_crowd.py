"""The HTTP connections that are open: how many, and which of them has waited too long."""

import time
from itertools import takewhile
from typing import Protocol

import structlog

log = structlog.get_logger()

_TELL_EVERY_S = 60.0


class Connection(Protocol):
    """What is done to one; it is its own business how."""

    @property
    def has_head(self) -> bool:
        """Whether the head of a request has come, so that somebody waits for its body."""
        ...

    def drop(self) -> None:
        """Close it."""
        ...


class Crowd:
    """For one event loop, not for threads.

    A client that opens connections and sends nothing, or half of something, keeps nobody out: one
    connection too many closes the one that has been incomplete for longest.

    Parameters
    ----------
    connections_max
        Those being answered included.
    request_s_max
        Seconds from its first byte, or the connection's opening, until the head of a request is
        whole. The body's time is that of whoever reads it.
    idle_s_max
        Seconds for which a connection stays open between requests.
    """

    def __init__(self, connections_max: int, request_s_max: float, idle_s_max: float) -> None:
        self._connections_max = connections_max
        self._request_s_max = request_s_max
        self._idle_s_max = idle_s_max
        self._open = set[Connection]()
        # since when, the longest first: a change takes a connection out and puts it in at the end
        self._incomplete: dict[Connection, float] = {}
        self._idle: dict[Connection, float] = {}
        self._tell_at_s = 0.0

    def enter(self, connection: Connection) -> None:
        """Count a connection that was just opened; close one when there are too many."""
        self._open.add(connection)
        self.incomplete(connection)
        if len(self._open) > self._connections_max:
            self._tell()
            self._drop(self._longest_waiting(connection))

    def incomplete(self, connection: Connection) -> None:
        """A request has begun to come."""
        self._idle.pop(connection, None)
        if connection in self._open:
            self._incomplete.setdefault(connection, time.monotonic())

    def whole(self, connection: Connection) -> None:
        """The request has come."""
        self._incomplete.pop(connection, None)

    def idle(self, connection: Connection) -> None:
        """It was answered."""
        self._incomplete.pop(connection, None)
        self._idle.pop(connection, None)
        if connection in self._open:
            self._idle[connection] = time.monotonic()

    def leave(self, connection: Connection) -> None:
        """It is closed."""
        self._open.discard(connection)
        self._incomplete.pop(connection, None)
        self._idle.pop(connection, None)

    def sweep(self) -> None:
        """Close those whose time is over; looks at these alone, the longest waiting first."""
        for connection in _waiting_since(self._incomplete, time.monotonic() - self._request_s_max):
            if not connection.has_head:
                self._drop(connection)
        for connection in _waiting_since(self._idle, time.monotonic() - self._idle_s_max):
            self._drop(connection)

    def _longest_waiting(self, newcomer: Connection) -> Connection:
        """Return whom it harms least to close; the newcomer where all others are being answered."""
        longest = next(iter(self._incomplete))
        return next(iter(self._idle), newcomer) if longest is newcomer else longest

    def _tell(self) -> None:
        if time.monotonic() >= self._tell_at_s:
            self._tell_at_s = time.monotonic() + _TELL_EVERY_S
            log.warning(
                "too_many_connections",
                connections_max=self._connections_max,
                incomplete=len(self._incomplete),
                idle=len(self._idle),
                effect="those incomplete or idle for longest are closed; see otlp_connections_max",
            )

    def _drop(self, connection: Connection) -> None:
        self.leave(connection)
        connection.drop()


def _waiting_since(waiting: dict[Connection, float], began_s_max: float) -> list[Connection]:
    return [each for each, _ in takewhile(lambda item: item[1] <= began_s_max, waiting.items())]
