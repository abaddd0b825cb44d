"""OpenSpan: what the wait-for graph knows of a span that was reported open. Pure."""

import json
import math
from dataclasses import dataclass

from analytics.open_reports import HEARTBEATS_MISSED, REPORT_DELAY_S, OpenReports

# Waits that are nobody's fault: a person, a clock or someone outside decides when they end.
PATIENT_REASONS = frozenset({"human", "timer", "external"})
CALL_KINDS = frozenset({"tool", "handoff"})
AGENT_KINDS = frozenset({"agent", "workflow"})
# Of one wait. One with more names than these says as good as nothing.
TARGETS_MAX = 100
# A wait that says it gave up this long ago, and is still reported open, did not.
OVERDUE_S_MAX = 10.0
# Sources without heartbeats: an end would have been received by now. Exporters batch for 5 s.
END_DELAY_S = 15.0
# Nobody is silent that was heard of within it.
SILENCE_S_MIN = HEARTBEATS_MISSED * REPORT_DELAY_S


@dataclass(slots=True)
class OpenSpan(OpenReports):
    """One row of `deadlock.sql`. Unknown strings are ''.

    Parameters
    ----------
    open_descendants
        Spans below it that are open, whether or not they are among the rows.
    project_seen_ns
        When anything of its project was last received: reported open or ended; of projects without a ring
        that is told, reported open alone.
    end_ns, end_state, error_type
        How it ended, if it has: Unix nanoseconds, 0 where that is not known.
    """

    project: str
    environment: str
    trace_id: str
    span_id: str
    parent_span_id: str
    ended: bool
    name: str
    kind: str
    agent: str
    agent_id: str
    tool: str
    session: str
    open_descendants: int
    handoff_to: str
    waiting_on: str
    wait_reason: str
    wait_resource: str
    wait_needed: int | None
    wait_timeout_s: float | None
    holds: str
    holds_capacity: int | None
    project_seen_ns: int
    end_ns: int
    end_state: str
    error_type: str

    @property
    def id(self) -> str:
        """Trace and span id, 48 hex digits."""
        return self.trace_id + self.span_id

    @property
    def says_wait(self) -> bool:
        """Whether it is a wait by the convention of docs/waits.md."""
        return self.kind == "wait" and self.waiting_on != ""

    @property
    def is_patient(self) -> bool:
        """Whether somebody or something outside decides when it ends."""
        return self.wait_reason in PATIENT_REASONS

    @property
    def targets(self) -> tuple[str, ...]:
        """Whom or what it waits for; none where there are too many to be told.

        Several come as a JSON array; what is no such array is one name.
        """
        if not self.waiting_on.startswith("["):
            return (self.waiting_on,)
        try:
            names = json.loads(self.waiting_on)
        except (ValueError, RecursionError):
            return (self.waiting_on,)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return (self.waiting_on,)
        different = tuple(dict.fromkeys(names))
        return different if len(different) <= TARGETS_MAX else ()

    @property
    def timeout_s(self) -> float | None:
        """After how many seconds it says that it gives up; None if nobody knows that it ever does."""
        if self.wait_timeout_s is None or not math.isfinite(self.wait_timeout_s):
            return None
        return min(max(self.wait_timeout_s, 0.0), 1e9)

    def deadline_ns(self, now_ns: int) -> int | None:
        """Return when it gives up, in Unix nanoseconds; None if nobody knows that it ever does."""
        if self.timeout_s is None:
            return None
        deadline_ns = self.opened_ns + int(self.timeout_s * 1e9)
        return None if now_ns - deadline_ns > OVERDUE_S_MAX * 1e9 else deadline_ns

    def is_lost(self, now_ns: int, missed_s: float = 0.0) -> bool:
        """Whether its heartbeats have ceased: nobody knows whether it still is.

        Parameters
        ----------
        missed_s
            Seconds of silence that are granted at least.
        """
        return self.beats and self.is_silent(self.last_seen_ns, now_ns, missed_s)

    def is_gone(self, beat_ns: int) -> bool:
        """Whether it is over, and its end was lost: others of its trace are reported on, and it is not.

        Parameters
        ----------
        beat_ns
            When one of those was last reported, in Unix nanoseconds.
        """
        return self.is_silent(self.last_seen_ns, beat_ns, 0.0)

    def held_until_ns(self, now_ns: int, beat_ns: int) -> int:
        """Until when it is known to have been open, in Unix nanoseconds.

        Where nothing is reported twice, its end would have been received by now had it ended
        `END_DELAY_S` ago.
        """
        return self.last_seen_ns if beat_ns else max(self.last_seen_ns, now_ns - int(END_DELAY_S * 1e9))

    def is_silent(self, heard_ns: int, at_ns: int, missed_s: float) -> bool:
        """Whether three of its heartbeats, and `missed_s`, have passed since something was heard."""
        silent_s = (at_ns - heard_ns) / 1e9
        # a look asks of 200,000, of which most were heard of less than the least that may be expected ago
        return silent_s > SILENCE_S_MIN and silent_s > max(missed_s, HEARTBEATS_MISSED * self.heartbeat_s)
