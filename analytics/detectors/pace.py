"""Pace: whether whoever tries again waits, by himself or as the error asked him to. Pure."""

from collections.abc import Sequence
from statistics import median

# Expressions of RE2, on an error's type and message: it limits the rate, and how long to wait. The type
# alone does not say it: what a tool raises is a ToolError.
LIMITED = r"(?i)\b429\b|rate.?limit|too.?many.?requests|throttl|resource.?exhausted"
WAIT = (
    r"(?i)(?:retry.?after|retry.?delay|(?:re)?try again (?:in|after))[\"'=:\s]{0,6}"
    r"(\d{1,6}(?:\.\d{1,6})?)\s*(ms|milli|m|h)?"
)
# Without a word of how long: whoever waits this long does as told.
PAUSE_S_MIN = 1.0
# Back-off: the pauses grow by half each time, from the first of them to the last.
GROWTH_MIN = 1.5
# Of the wait that was asked for: clocks, and the call's own way.
_KEPT_SHARE = 0.9


def is_paced(gaps_s: Sequence[float], asked_s: Sequence[float] = ()) -> bool:
    """Whether the pauses are those of somebody who waits for the trouble to pass.

    Parameters
    ----------
    gaps_s
        From each failure to the next attempt.
    asked_s
        Waits that the failures asked for, of those that did.

    Examples
    --------
    >>> is_paced([0.1, 0.2, 0.4]), is_paced([0.1, 0.1, 0.1]), is_paced([2.0, 2.0])
    (True, False, True)
    >>> is_paced([2.0, 2.0], [20.0, 20.0])
    False

    What a busy machine makes of no pause at all:

    >>> is_paced([0.02, 0.04, 0.08, 0.03, 0.07, 0.2, 0.05, 0.1, 0.3])
    False
    """
    least_s = _KEPT_SHARE * median(asked_s) if asked_s else PAUSE_S_MIN
    return median(gaps_s) >= least_s or _grows(gaps_s)


def _grows(gaps_s: Sequence[float]) -> bool:
    """Whether the later half is that much longer: of two pauses in a row, every other is longer by chance."""
    half = len(gaps_s) // 2
    if not half:
        return False
    earlier, later = median(gaps_s[:half]), median(gaps_s[-half:])
    return earlier > 0 and later >= earlier * GROWTH_MIN ** (len(gaps_s) - half)
