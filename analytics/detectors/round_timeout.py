"""A timeout that nobody says, read from durations that heap at a round number of seconds. Pure."""

from collections.abc import Sequence

# What people set: 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten of seconds, and minutes and hours.
_SECONDS = tuple(factor * 10.0**power for power in range(-1, 4) for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8))
_MINUTES = tuple(
    60.0 * minutes
    for minutes in (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240)
)
ROUND_S = tuple(sorted({*_SECONDS, *_MINUTES}))
# `reference/detectors.md` 3.18: in [T, 1.02 T] three times as many as just before it, and as after it.
# Nothing is longer than 1.1 T: what is cut off late by a busy machine stays below that.
WIDTH = 1.02
LATE = 1.1
TIMES_NEIGHBOUR = 3
# One that ended at a round number is chance.
HEAP_MIN = 3


def round_timeout_s(longest_s: Sequence[float]) -> float | None:
    """Return the timeout at which the longest durations heap, None where they do not.

    Parameters
    ----------
    longest_s
        The longest durations in seconds, the longest first.

    Examples
    --------
    >>> round_timeout_s([30.02, 30.01, 30.01, 30.0, 12.5, 11.0])
    30.0
    >>> round_timeout_s([33.0, 30.01, 12.5, 11.0]) is None
    True
    """
    for timeout_s in ROUND_S if longest_s else ():
        if timeout_s <= longest_s[0] <= LATE * timeout_s:
            heap = sum(timeout_s <= duration_s <= WIDTH * timeout_s for duration_s in longest_s)
            after = sum(duration_s > WIDTH * timeout_s for duration_s in longest_s)
            before = sum(timeout_s / WIDTH <= duration_s < timeout_s for duration_s in longest_s)
            if heap >= max(HEAP_MIN, TIMES_NEIGHBOUR * before, TIMES_NEIGHBOUR * after):
                return timeout_s
    return None
