"""Turns: work that is done again and again, with pauses in which other work has its turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

# No work takes more than 5 % of the time, unless it is behind.
SHARE_MAX = 0.05


@dataclass
class Turn:
    """Work, and when it is due; what fails is logged and done again, and keeps nobody else from theirs.

    Parameters
    ----------
    work
        Does it, and returns for how many seconds of what was assembled it had no time: 0 if it did all.
    every_s
        Seconds between two beginnings, at least.
    failed, action
        The log's event when it fails, and what follows from that.

    Attributes
    ----------
    due_s
        By the monotonic clock.
    behind_s
        What `work` returned last.
    """

    work: Callable[[], float]
    every_s: float
    failed: str
    action: str = "will try again"
    due_s: float = 0.0
    behind_s: float = 0.0

    def take(self) -> None:
        """Work, if it is due."""
        began_s = time.monotonic()
        if began_s < self.due_s:
            return
        pause_s = 0.0
        try:
            self.behind_s = self.work()
        except Exception:
            log.exception(self.failed, action=self.action)
            pause_s = self.every_s
        # with a pause, what is behind would fall behind further
        if not self.behind_s:
            pause_s = max(self.every_s, (time.monotonic() - began_s) / SHARE_MAX)
        self.due_s = began_s + pause_s
