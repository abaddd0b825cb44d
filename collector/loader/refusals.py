"""Files that the engine or the disk refused, and when each is tried again."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collector.journal.segment import Segment

_FIRST_S = 0.1
_LONGEST_S = 30.0
_LONG_S = 60.0


@dataclass
class _Refused:
    first_s: float
    rest_s: float = _FIRST_S / 2
    due_s: float = 0.0
    alone_since_s: float = math.inf


class Refusals:
    """Lets a refused file rest, twice as long each time up to 30 s, while others are loaded.

    Parameters
    ----------
    now_s
        A clock that never turns back, in seconds.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._refused: dict[str, _Refused] = {}
        self._loaded_s = -math.inf

    def note(self, batch: Sequence[Segment]) -> None:
        """They were refused."""
        now_s = self._now_s()
        for name in (segment.file_name for segment in batch):
            refused = self._refused.setdefault(name, _Refused(first_s=now_s))
            refused.rest_s = min(2 * refused.rest_s, _LONGEST_S)
            refused.due_s = now_s + refused.rest_s
            if refused.first_s < self._loaded_s:
                refused.alone_since_s = min(refused.alone_since_s, now_s)

    def forget(self, batch: Sequence[Segment]) -> None:
        """They are loaded."""
        self._loaded_s = self._now_s()
        for segment in batch:
            self._refused.pop(segment.file_name, None)

    def rests(self, file_name: str) -> bool:
        """Whether it is not to be tried yet."""
        refused = self._refused.get(file_name)
        return refused is not None and refused.due_s > self._now_s()

    def left_behind(self, file_name: str) -> bool:
        """Whether it has been refused for more than a minute in which others could be loaded.

        While the engine refuses everything nothing is left behind: all waits.
        """
        refused = self._refused.get(file_name)
        return refused is not None and self._now_s() - refused.alone_since_s > _LONG_S

    def apart(self, batch: Sequence[Segment]) -> Sequence[Segment]:
        """Return one that was refused before, alone, or the whole batch if there is none."""
        refused = [segment for segment in batch if segment.file_name in self._refused]
        return refused[:1] or batch
