"""What runs in a child process of the supervisor: `python -m doldrums.child NAME`."""

import os
import sys
import threading
from importlib import import_module

import structlog

from doldrums.errors import UserError
from doldrums.logs import configure_logging
from doldrums.settings import Settings

log = structlog.get_logger(__name__)

STDIN = 0
# A child imports its own part alone: the receiver stays up when the store's library cannot load.
PARTS = {
    "receiver": "doldrums.receiver",
    "core": "doldrums.core",
    "dashboard": "doldrums.dashboard",
    "feed": "doldrums.feed",
}


def run_child(name: str) -> int:
    """Run one part until it is told to stop, and return the exit code.

    The supervisor writes the settings as one line to the standard input and keeps it open: its end
    means that the supervisor is gone, by kill -9 too, on any system.
    """
    settings = Settings.model_validate_json(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_supervisor, name="supervisor", daemon=True).start()
    configure_logging(name, settings.log_form)
    try:
        import_module(PARTS[name]).run(settings)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except Exception:
        log.exception("child_failed")
        return 1
    return 0


def _end_with_the_supervisor() -> None:
    # not by sys.stdin: a thread that waits inside it lets the interpreter abort at its end
    while os.read(STDIN, 4096):
        pass
    # At once, as kill -9 would: what was acknowledged is on disk, and the folder is to be free again.
    os._exit(1)


if __name__ == "__main__":
    code = run_child(sys.argv[1])
    sys.stdout.flush()
    sys.stderr.flush()
    # Not by the interpreter's own end: it takes the engine apart while a thread may still be inside,
    # which then ends as a crash. What is done is on disk; what is not is done at the next start.
    os._exit(code)
