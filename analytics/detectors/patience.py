"""Whether a repeated call waits on purpose: polling, by its name or by its times. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

# Words of tools that are asked again until something is there. A word alone counts, not a part of one.
_PATIENT_WORDS = frozenset(
    {
        "poll",
        "polling",
        "status",
        "wait",
        "waiting",
        "await",
        "sleep",
        "delay",
        "pause",
        "progress",
        "ready",
        "readiness",
        "health",
        "healthcheck",
        "heartbeat",
        "ping",
        "watch",
        "monitor",
        "pending",
        "refresh",
        "keepalive",
        "subscribe",
        "listen",
        "receive",
        "dequeue",
    }
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Waiting times are steady where none is shorter than half of the one before it, or longer than three times
# that: fixed pauses with their jitter, and back-off by two.
_SHRINK_MIN, _GROW_MAX = 0.5, 3.0


def is_patient_name(tool: str) -> bool:
    """Whether a tool's name says that it is asked again and again.

    Examples
    --------
    >>> [is_patient_name(tool) for tool in ("get_job_status", "pollBuild", "search_docs", "waiter")]
    [True, True, False, False]
    """
    return any(word.lower() in _PATIENT_WORDS for word in _WORD.findall(tool[:200]))


def is_steady(idle_s: Sequence[float], least_s: float) -> bool:
    """Whether somebody pauses between all calls, for the same time or by back-off.

    Examples
    --------
    >>> is_steady([5.0, 5.2, 4.9], 0.5), is_steady([1, 2, 4, 8], 0.5), is_steady([0.1, 9.0, 0.7], 0.5)
    (True, True, False)
    """
    if not idle_s or min(idle_s) < least_s:
        return False
    return all(_SHRINK_MIN <= b / a <= _GROW_MAX for a, b in pairwise(idle_s))
