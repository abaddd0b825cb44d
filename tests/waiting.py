"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# The machine may be shared: what does not come at all comes no sooner for less of it.
PATIENCE = 3


def eventually(
    condition: Callable[[], T],
    within_s: float = 60.0,
    otherwise: Callable[[], str] = str,
    *,
    every_s: float = 0.02,
) -> T:
    """Return what `condition` returns once that is true; fail with what `otherwise` says."""
    deadline = time.monotonic() + PATIENCE * within_s
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE * within_s} s: {otherwise()}")
        time.sleep(every_s)
    return result
