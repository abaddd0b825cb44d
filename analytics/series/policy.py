"""Policy: how references are chosen, and how many false alarms are put up with. Pure."""

from dataclasses import dataclass
from typing import Literal

from analytics.drift.budget import alarms_per_hour, log_threshold
from analytics.series.defaults import BUDGET, DAYS, DAYS_MIN
from analytics.series.learned import Learned
from analytics.series.learning import DAY_S
from analytics.series.tally import first_s, midnight_from

# While a reference grows, or slides, it is learned anew this often.
AGAIN_S = 7 * DAY_S
# A false verdict on a known change once in a hundred of them.
FALSE_VERDICTS = 0.01


@dataclass(frozen=True, slots=True)
class Policy:
    """What series are compared with, and when that is an alarm.

    Parameters
    ----------
    budget
        In words, for all series of a project.
    reference
        ``learned``: the first `days` days since the series began, or since its drift was accepted.
        ``sliding``: the last `days` days, learned anew every week: what changes slowly is not found.
        ``pinned``: `pinned_s`, whatever comes; what begins later, or is accepted, as with ``learned``.
    days, days_min
        Length of a reference, and what it takes for a first one.
    pinned_s
        The hours [first, end), in seconds since the epoch.
    """

    budget: str = BUDGET
    reference: Literal["learned", "sliding", "pinned"] = "learned"
    days: int = DAYS
    days_min: int = DAYS_MIN
    pinned_s: tuple[int, int] = (0, 0)

    def threshold(self, series: int, bucket_h: float) -> float:
        """Return the evidence at which one of so many series alarms, as a logarithm."""
        return log_threshold(series, bucket_h, alarms_per_hour(self.budget))

    def wanted(self, learned: Learned, now_s: int) -> tuple[int, int] | None:
        """Return the hours to learn a series' reference from at a midnight, None where it is not due.

        Examples
        --------
        Fourteen days after its first midnight a series gets its first reference.

        >>> from analytics.series.key import SeriesKey
        >>> key = SeriesKey("default", "", "coder", "chat", "gpt-5", "duration")
        >>> Policy().wanted(Learned(key, from_s=5 * 3600), 15 * DAY_S) == (DAY_S, 15 * DAY_S)
        True
        """
        if self.is_pinned(learned):
            start, end = self.pinned_s
            return (start, end) if learned.until_s != end and now_s >= end else None
        start = midnight_from(learned.from_s)
        if learned.until_s and not self._is_again_due(learned, start, now_s):
            return None
        if self.reference == "sliding" or not learned.until_s:
            start = max(start, now_s - self.days * DAY_S)
        end = min(now_s, start + self.days * DAY_S)
        return (start, end) if end - start >= self.days_min * DAY_S else None

    def is_pinned(self, learned: Learned) -> bool:
        """Whether the pinned hours are those of a series: pools, and what was accepted, begin after them."""
        return self.reference == "pinned" and learned.from_s <= self.pinned_s[0]

    def _is_again_due(self, learned: Learned, start: int, now_s: int) -> bool:
        grows = learned.until_s - start < self.days * DAY_S
        return (self.reference == "sliding" or grows) and now_s - learned.until_s >= AGAIN_S

    def first_s(self, learned: Learned, now_s: int) -> int:
        """Return from which midnight on a series without a reference is learned, were it now."""
        return first_s(learned.from_s, now_s // DAY_S * DAY_S, self.days)

    def days_left(self, learned: Learned, now_s: int) -> int:
        """Return how many days a series without a reference still waits for one, 0 or less if not for days.

        Examples
        --------
        >>> from analytics.series.key import SeriesKey
        >>> key = SeriesKey("default", "", "coder", "chat", "gpt-5", "duration")
        >>> Policy().days_left(Learned(key, from_s=0), 5 * DAY_S)
        9
        """
        return -(-(midnight_from(learned.from_s) + self.days_min * DAY_S - now_s) // DAY_S)
