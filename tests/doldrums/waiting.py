"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.service import PATIENCE

T = TypeVar("T")


def eventually(condition: Callable[[], T], within_s: float = 60.0, otherwise: Callable[[], str] = str) -> T:
    """Return what `condition` returns once that is true; fail with what `otherwise` says."""
    deadline = time.monotonic() + PATIENCE * within_s
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE * within_s} s: {otherwise()}")
        time.sleep(0.02)
    return result
