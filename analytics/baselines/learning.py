"""Learning: keeps baselines current with what another thread assembles."""

import threading
from collections.abc import Callable, Collection
from datetime import datetime

from analytics.baselines.baseline import Baselines


class Learning:
    """Refreshes baselines in one thread, for as long as that takes, while another one assembles.

    The place that is kept is never ahead of what is learned: an hour that was handed over with it, or
    before, is counted first; what is handed over meanwhile waits for the next time.

    Parameters
    ----------
    keep_place
        Lets the next process go on from a place.

    Attributes
    ----------
    tried
        Whether limits were learned, or could not be: before, nothing is known of what is usual.
    """

    def __init__(self, baselines: Baselines, keep_place: Callable[[int], None]) -> None:
        self._baselines = baselines
        self._keep_place = keep_place
        self._handing_over = threading.Lock()
        self._touched: set[datetime] = set()
        self._place: int | None = None
        self.tried = False

    def hand_over(self, touched: Collection[datetime], place: int) -> None:
        """Take over the hours in which spans ended that are assembled, all of them up to a place."""
        with self._handing_over:
            self._touched |= set(touched)
            self._place = place

    def learn(self, now: datetime) -> None:
        """Learn from what was handed over; where that fails, it is learned from the next time."""
        touched, place = self._take()
        try:
            self._baselines.refresh(now, touched)
        except Exception:
            self._give_back(touched)
            raise
        finally:
            self.tried = True
        if place is not None:
            self._keep_place(place)

    def _take(self) -> tuple[set[datetime], int | None]:
        with self._handing_over:
            touched, self._touched = self._touched, set()
            return touched, self._place

    def _give_back(self, touched: set[datetime]) -> None:
        with self._handing_over:
            self._touched |= touched
