"""Board: where the agents of one run put their artifacts and wait for those of others."""

import threading
import time
from dataclasses import dataclass, field

from doldrums.demo.perform import Outcome

# How soon a waiting agent notices that the demo is being stopped.
_STOP_LOOK_S = 0.2


@dataclass(slots=True)
class Board:
    """Artifacts by name, under the current plan.

    A plan is numbered from 0. When a wait times out, its plan is cancelled: everyone who waits
    under it is told so, and what is published under it afterwards counts no more.
    """

    stop: threading.Event
    _plan: int = 0
    _published: set[str] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def publish(self, artifact: str, plan: int) -> None:
        """Give `artifact` to whoever waits for it under `plan`."""
        with self._changed:
            if plan == self._plan:
                self._published.add(artifact)
                self._changed.notify_all()

    def wait(self, artifact: str, limit_s: float, plan: int) -> tuple[Outcome, int]:
        """Wait for `artifact`; return how that ended and the plan that holds from now on."""
        end_s = time.monotonic() + limit_s
        with self._changed:
            while not self.stop.is_set():
                if plan != self._plan:
                    return Outcome.CANCELLED, self._plan
                if artifact in self._published:
                    return Outcome.READY, plan
                if time.monotonic() >= end_s:
                    self._cancel()
                    return Outcome.TIMED_OUT, self._plan
                self._changed.wait(min(_STOP_LOOK_S, end_s - time.monotonic()))
        return Outcome.CANCELLED, plan

    def cancel(self) -> None:
        """Cancel the plan for everyone."""
        with self._changed:
            self._cancel()

    def _cancel(self) -> None:
        self._plan += 1
        self._published.clear()
        self._changed.notify_all()
