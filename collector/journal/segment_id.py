"""UUIDv7 for segments: the time they were begun, in an order that never turns back."""

import os
import time
from datetime import UTC, datetime

_VERSION = 7 << 76
_VARIANT = 2 << 62


def begun(segment_id: str) -> datetime:
    """Return when a segment was begun: a UUIDv7 starts with the milliseconds since 1970.

    Examples
    --------
    >>> begun("0199a3c5d8007000800000000000000f").isoformat()
    '2025-10-02T07:14:36.160000+00:00'
    """
    return datetime.fromtimestamp(int(segment_id[:12], 16) / 1000, UTC)


class SegmentIds:
    """Makes ids that ascend, also when the clock is set back.

    Parameters
    ----------
    after
        The highest id known, as 32 hex digits: all that are made are higher.
    """

    def __init__(self, after: str = "0") -> None:
        self._last = int(after, 16)

    def next(self) -> str:
        """Return a new id as 32 hex digits."""
        random = int.from_bytes(os.urandom(10), "big")
        milliseconds = time.time_ns() // 1_000_000
        fresh = (
            milliseconds << 80 | _VERSION | (random >> 64 & 0xFFF) << 64 | _VARIANT | random & (1 << 62) - 1
        )
        self._last = fresh if fresh > self._last else self._last + 1
        return f"{self._last:032x}"
