"""Asks the receiver one input after the other, looks at each answer, and counts."""

import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from collector.journal.segment import Folders
from collector.otlp.signal import Signal
from tests.fuzz.answer import Answer, Written
from tests.fuzz.asked import Asked
from tests.fuzz.door import Door
from tests.fuzz.sockets import Sockets
from tests.segments import seal

_SEGMENT_REQUESTS = 500
# by which one request may raise the most there ever was
_MEMORY_MB_MAX = 400


class Fuzz:
    """One run.

    Parameters
    ----------
    kept_every
        One accepted request in so many is kept, to be loaded.
    socket_every
        One input in so many goes to `sockets` besides.
    """

    def __init__(
        self, door: Door, *, kept_every: int = 1, sockets: Sockets | None = None, socket_every: int = 100
    ) -> None:
        self.kept: list[Written] = []
        self.inputs = 0
        self._door = door
        self._kept_every = kept_every
        self._sockets = sockets
        self._socket_every = socket_every
        self._kinds: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._over_sockets = self._accepted = 0
        self._slowest_cpu_s = 0.0
        self._began_s = time.monotonic()

    def ask(self, request: Asked) -> None:
        """Ask, and raise AssertionError where the answer is wrong."""
        self.inputs += 1
        self._kinds[request.kind] += 1
        answer = self._ask(request, self._door.ask)
        if answer.written:
            self._accepted += 1
            if self._accepted % self._kept_every == 0:
                self.kept += answer.written
        if self._sockets and self.inputs % self._socket_every == 0:
            self._over_sockets += 1
            self._ask(request, self._sockets.ask)

    def _ask(self, request: Asked, ask: Callable[[Asked], Answer]) -> Answer:
        before_mb = _most_memory_mb()
        answer = ask(request)
        answer.check(request)
        assert _most_memory_mb() - before_mb <= _MEMORY_MB_MAX, f"{request.kind}: took too much memory"
        self._statuses.update(answer.statuses)
        self._slowest_cpu_s = max(self._slowest_cpu_s, answer.cpu_s)
        return answer

    def figures(self) -> dict[str, float | str]:
        return {
            "inputs": self.inputs,
            "per_s": round(self.inputs / (time.monotonic() - self._began_s)),
            "kinds": _listed(self._kinds),
            "statuses": _listed(self._statuses),
            "over_sockets": self._over_sockets,
            "accepted": self._accepted,
            "slowest_cpu_ms": round(1000 * self._slowest_cpu_s),
            "memory_mb": _most_memory_mb(),
        }


def seal_all(kept: list[Written], folder: Path) -> dict[Signal, int]:
    """Write segments of what was kept, as the receiver writes them; return how many rows they hold."""
    folders, rows = Folders(folder), Counter[Signal]()
    for signal in (Signal.TRACES, Signal.LOGS):
        bodies = [written.body for written in kept if written.signal is signal]
        for start in range(0, len(bodies), _SEGMENT_REQUESTS):
            rows[signal] += seal(folders, bodies[start : start + _SEGMENT_REQUESTS], signal=signal).rows
    return rows


def _most_memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _listed(counts: Counter[str]) -> str:
    return " ".join(f"{name.replace(' ', '-')}={count}" for name, count in counts.most_common())
