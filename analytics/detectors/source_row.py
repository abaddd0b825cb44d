"""SourceRow: what a source has sent in the last hour, period by period. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from analytics.detectors.source import Source, is_silent
from analytics.findings.judgement import Key

PERIOD_S = 30.0
# Reports that a source would have sent by now, before their absence is worth a finding: of 30 that come at
# random six or fewer arrive once in two million times (Poisson).
EXPECTED_MIN = 30.0
# Periods from before the silence that say what was usual; after fewer nothing is expected any more.
USUAL_MIN = 20


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of `silent_source.sql`.

    Parameters
    ----------
    periods
        Reports of spans in each 30 s, the last first; 121 of them.
    usual
        Median of all but the last.
    heard_ns
        When it last sent something, in Unix nanoseconds.
    """

    project: str
    fingerprint: str
    service: str
    service_instance: str
    periods: Sequence[int]
    usual: int
    reports: int
    heard_ns: int

    @property
    def key(self) -> Key:
        """The project and the fingerprint."""
        return self.project, self.fingerprint

    @property
    def source(self) -> Source:
        """Who it is."""
        return Source(self.project, self.service, self.service_instance)

    @property
    def is_silent(self) -> bool:
        """Whether it may be that its news are late: the guard of what judges ages."""
        return is_silent(self.periods[0], self.usual)

    @property
    def before(self) -> Sequence[int]:
        """The periods before it fell silent."""
        usual = max(self.usual, 1)
        places = (place for place, sent in enumerate(self.periods) if not is_silent(sent, usual))
        return self.periods[next(places, len(self.periods)) :]

    @property
    def usual_before(self) -> float:
        """Median of those; 0 when there are too few."""
        return float(median(self.before)) if len(self.before) >= USUAL_MIN else 0.0

    def recent(self, usual: float) -> tuple[int, int]:
        """Return over how many periods its silence tells, and what it sent in them."""
        periods = min(max(1, math.ceil(EXPECTED_MIN / usual)), len(self.periods) // 2)
        return periods, sum(self.periods[:periods])

    @property
    def is_cut_off(self) -> bool:
        """Whether it is silent beyond chance, and was never so quiet within the hour before.

        Who sends in bursts has been as quiet before; who sends little is waited for longer.
        """
        usual = self.usual_before
        if not usual:
            return False
        periods, sent = self.recent(usual)
        return is_silent(sent, periods * usual) and sent < self._least_before(periods) / 2

    def _least_before(self, periods: int) -> int:
        before = self.before
        sums = [sum(before[place : place + periods]) for place in range(len(before) - periods + 1)]
        return min(sums, default=0)
