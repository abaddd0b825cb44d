"""SIGTERM and SIGINT as an event, or as a call from a thread."""

import contextlib
import signal
import socket
import threading
from collections.abc import Callable


def when_told_to_stop(stop: Callable[[], None]) -> None:
    """Call `stop` from a thread of its own when the process is told to stop.

    To be called by the main thread. The handler only knocks at a socket: what it interrupts may
    hold the very lock that `stop` needs, as `Event.wait` does for `Event.set`.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def knock(*_: object) -> None:
        # a full socket has been knocked at often enough
        with contextlib.suppress(BlockingIOError):
            writer.send(b"!")

    def wait() -> None:
        reader.recv(1)
        stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, knock)
    threading.Thread(target=wait, name="stop", daemon=True).start()


def told_to_stop() -> threading.Event:
    """Return an event that is set when the process is told to stop."""
    told = threading.Event()
    when_told_to_stop(told.set)
    return told
