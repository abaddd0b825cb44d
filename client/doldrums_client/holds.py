"""Holds: the spans of what one `acquire` holds now, each given back to whoever began it."""

import asyncio
import threading
from dataclasses import dataclass, field

from opentelemetry.trace import INVALID_SPAN, Span


@dataclass(slots=True)
class Holds:
    """Remembers who began which hold: the holders of a semaphore may share one `acquire`.

    Examples
    --------
    >>> from opentelemetry.trace import NonRecordingSpan
    >>> holds, outer, inner = Holds(), NonRecordingSpan(None), NonRecordingSpan(None)
    >>> holds.begin(outer)
    >>> holds.begin(inner)
    >>> holds.take_back() is inner, holds.take_back() is outer
    (True, True)
    """

    _open: list[tuple[object, Span]] = field(default_factory=list)
    # Reentrant, since a finaliser or a signal handler that runs inside may take a lock too.
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, span: Span) -> None:
        """Remember `span` as the hold of the task, or thread, that runs."""
        with self._lock:
            self._open.append((_holder(), span))

    def take_back(self) -> Span:
        """Return the newest hold of the task, or thread, that runs, and forget it.

        A lock may also be given back by another than took it: then that is the oldest hold.
        """
        holder = _holder()
        with self._lock:
            own = [place for place, (whose, _) in enumerate(self._open) if whose == holder]
            return self._open.pop(own[-1] if own else 0)[1] if self._open else INVALID_SPAN


def _holder() -> object:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no loop runs in this thread
        task = None
    return task or threading.get_ident()
