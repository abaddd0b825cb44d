"""Strides: calls on somebody for the versions of `steps` that are new, some of them at a time."""

import time
from collections.abc import Callable

from collector.store.statement import statement
from collector.store.store import Store

# Of `steps`, at once: versions are microseconds, about.
STRIDE_US = 60_000_000
# For so long it goes on, where there is much: detectors of changed traces wait for it.
GOING_S_MAX = 5.0


class Strides:
    """Goes through the versions of `steps`, and on from there after a restart.

    Parameters
    ----------
    follower
        Whose place it is.
    """

    def __init__(self, store: Store, follower: str) -> None:
        self._store = store
        self._follower = follower
        self._version = self._kept = self._read("read_place.sql", signal=follower)

    def go(self, until: int, stride: Callable[[int, int], int]) -> float:
        """Call for what is new up to a version, while there is time; return the seconds of it that are left.

        Parameters
        ----------
        stride
            Is given versions (after, until], and returns up to which one it has got. If it raises, it is
            given the same again.
        """
        began_s = time.monotonic()
        while self._version < until and time.monotonic() - began_s < GOING_S_MAX:
            first = self._read("next_version.sql", after=self._version) or until
            self._version = stride(self._version, min(until, first - 1 + STRIDE_US))
        return max(0, until - self._version) / 1e6

    def keep(self) -> None:
        """Write down how far it is, once what follows from it is written: a restart goes on there."""
        if self._version > self._kept:
            place = {"signal": self._follower, "version": self._version}
            self._store.command(statement(__package__, "keep_place.sql"), place)
            self._kept = self._version

    def _read(self, name: str, **parameters: object) -> int:
        (row,) = self._store.query(statement(__package__, name), parameters)
        return int(row["version"])
