"""Files that the engine or the disk refused, and when each is tried again."""

import time
from collections.abc import Callable, Sequence

from collector.journal.segment import Segment

_FIRST_S = 0.1
_LONGEST_S = 30.0


class Refusals:
    """Lets a refused file rest, twice as long each time up to 30 s, while others are loaded.

    Parameters
    ----------
    now_s
        A clock that never turns back, in seconds.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._rest_s: dict[str, float] = {}
        self._due_s: dict[str, float] = {}

    def note(self, batch: Sequence[Segment]) -> None:
        """They were refused."""
        for name in (segment.file_name for segment in batch):
            self._rest_s[name] = min(2 * self._rest_s.get(name, _FIRST_S / 2), _LONGEST_S)
            self._due_s[name] = self._now_s() + self._rest_s[name]

    def forget(self, batch: Sequence[Segment]) -> None:
        """They are not sealed any more."""
        for name in (segment.file_name for segment in batch):
            self._rest_s.pop(name, None)
            self._due_s.pop(name, None)

    def rests(self, file_name: str) -> bool:
        """Whether it is not to be tried yet."""
        return self._due_s.get(file_name, 0.0) > self._now_s()

    def apart(self, batch: Sequence[Segment]) -> Sequence[Segment]:
        """Return one that was refused before, alone, or the whole batch if there is none."""
        refused = [segment for segment in batch if segment.file_name in self._rest_s]
        return refused[:1] or batch
