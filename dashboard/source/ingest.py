"""How fast spans are stored, seen from the totals that this process happened to read."""

import threading
from collections import deque
from itertools import pairwise

SAMPLES_MAX = 40


class IngestHistory:
    """Turns totals read at some times into rates between them. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._samples: deque[tuple[float, int]] = deque(maxlen=SAMPLES_MAX)

    def add(self, monotonic_s: float, stored: int) -> None:
        """Note the total `stored` at `monotonic_s`; an earlier or equal time changes nothing."""
        with self._lock:
            if not self._samples or monotonic_s > self._samples[-1][0]:
                self._samples.append((monotonic_s, stored))

    def per_second(self) -> list[float]:
        """Return the rates between readings, oldest first."""
        with self._lock:
            samples = list(self._samples)
        return [
            max(later - earlier, 0) / (later_s - earlier_s)
            for (earlier_s, earlier), (later_s, later) in pairwise(samples)
        ]
