"""DeadlineRow: a span that says how long it may take, or one that is open in its trace. Pure."""

from dataclasses import dataclass

from analytics.detectors.source import Source
from analytics.findings.judgement import Key
from analytics.open_reports import REPORT_DELAY_S

# A wait that gives up at its deadline ends a little after it.
LATE_RATIO = 1.05
LATE_S = 1.0


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One row of `missed_deadline.sql`. Times are Unix nanoseconds, unknown strings are ''.

    Parameters
    ----------
    end_ns
        0 while it is open.
    timeout_s
        How long it may take, by its own word; 0 where it says nothing.
    """

    project: str
    trace: str
    span: str
    parent_span: str
    service: str
    service_instance: str
    name: str
    kind: str
    agent: str
    tool: str
    model: str
    start_ns: int
    end_ns: int
    waiting_on: str
    wait_reason: str
    timeout_s: float
    first_seen_ns: int
    last_seen_ns: int

    @property
    def fingerprint(self) -> str:
        """Name of its finding: trace and span id."""
        return self.trace + self.span

    @property
    def key(self) -> Key:
        """The project and the fingerprint."""
        return self.project, self.fingerprint

    @property
    def source(self) -> Source:
        """Who reports it."""
        return Source(self.project, self.service, self.service_instance)

    @property
    def deadline_ns(self) -> int:
        """When it should have ended.

        By the client's clock as far as that can be believed: an open span was seen open one report after
        it began.
        """
        earliest_ns = self.first_seen_ns - int(REPORT_DELAY_S * 1e9)
        opened_ns = max(earliest_ns, min(self.start_ns, self.first_seen_ns))
        return opened_ns + int(min(self.timeout_s, 1e9) * 1e9)

    @property
    def is_proven(self) -> bool:
        """Whether it was seen open past its deadline, by more than giving up takes."""
        slack_s = self.timeout_s * (LATE_RATIO - 1) + LATE_S
        return self.last_seen_ns > self.deadline_ns + int(min(slack_s, 1e9) * 1e9)

    def overdue_s(self, now_ns: int) -> float:
        """Return by how much it is late; an end may be under way for as long as a report is."""
        if not self.timeout_s:
            return 0.0
        if self.end_ns:
            return (self.end_ns - self.deadline_ns) / 1e9
        late_s = (now_ns - self.deadline_ns) / 1e9
        slack_s = max(REPORT_DELAY_S, self.timeout_s * (LATE_RATIO - 1)) + LATE_S
        return late_s if late_s > slack_s else 0.0
