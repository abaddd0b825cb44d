"""SIGTERM and SIGINT as an event that a thread can wait for."""

import signal
import socket
import threading


def told_to_stop() -> threading.Event:
    """Return an event that is set when the process is told to stop.

    To be called by the main thread. The signal goes through a socket, because `Event.set` in a
    signal handler waits for ever when it interrupts `Event.wait`; and it is seen while the main
    thread is inside a library, too.
    """
    stop = threading.Event()
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)

    def wait(_keep: socket.socket = writer) -> None:
        reader.recv(1)
        stop.set()

    threading.Thread(target=wait, name="signals", daemon=True).start()
    return stop
