"""Segments are loaded side by side; rows are deleted while none is."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Gate:
    """Keeps loading and deleting apart.

    A segment between its insert and its verification would be found damaged if some of its rows went,
    and a piece of a long text could go that a span names a moment later.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._loading = 0
        self._closed = False

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Wait until nothing is deleted, and keep it so."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._loading += 1
        try:
            yield
        finally:
            with self._changed:
                self._loading -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Wait until nothing is loaded, and keep it so."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self._changed.wait_for(lambda: not self._loading)
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
