"""Who may send, for which project, and how much: before anything of a request is read."""

import time
from collections.abc import Callable
from typing import NamedTuple

from collector.errors import RateLimited
from collector.keys.allowance import Allowance
from collector.keys.key import UNLIMITED, Key
from collector.keys.keyring import Authority
from collector.receiver.counters import Counters


class Grant(NamedTuple):
    """A request that was let in.

    Attributes
    ----------
    project
        Whose spans these are.
    allowance
        What its key may still send; None where that is anything.
    """

    project: str
    allowance: Allowance | None
    monotonic: Callable[[], float]

    def charge(self, size: int, spans: int = 0) -> None:
        """Count what the request holds against its key's limits."""
        if self.allowance is not None:
            self.allowance.take(self.monotonic(), spans=spans, bytes=size)


class Admission:
    """Lets requests in. For one event loop, not for threads."""

    def __init__(
        self, keys: Authority, counters: Counters, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys = keys
        self._counters = counters
        self._monotonic = monotonic
        self._allowances: dict[str, Allowance] = {}

    def admit(self, shown: str) -> Grant:
        """Return who sends.

        Parameters
        ----------
        shown
            The key: `collector.keys.key.shown_key`.

        Raises
        ------
        Unauthenticated, Forbidden, TransientError
            See `Authority.authorise`.
        RateLimited
            It has sent too much.
        """
        key = self._keys.authorise(shown, "ingest")
        allowance = None
        if key.rates != UNLIMITED:
            allowance = self._allowance(key)
            try:
                allowance.admit(self._monotonic())
            except RateLimited:
                self._counters.limit(key.project)
                raise
        return Grant(key.project, allowance, self._monotonic)

    def project_of(self, shown: str) -> str:
        """Return for which project a caller may send; raises as `admit`, but for RateLimited."""
        return self._keys.authorise(shown, "ingest").project

    def _allowance(self, key: Key) -> Allowance:
        allowance = self._allowances.get(key.id)
        if allowance is None or allowance.rates != key.rates:
            allowance = self._allowances[key.id] = Allowance(key.rates, self._monotonic())
        return allowance
