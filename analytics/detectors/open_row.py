"""OpenRow: a span that was reported open, as it was last seen. Pure."""

from dataclasses import dataclass

from analytics.baselines.work import Work
from analytics.detectors.source import Source, is_silent
from analytics.findings.judgement import Key
from analytics.open_reports import OpenReports


@dataclass(slots=True)
class OpenRow(OpenReports):
    """One row of `stuck_span.sql`. Times are Unix nanoseconds, unknown strings are ''.

    Parameters
    ----------
    last_progress_ns
        Newest event of the span or of what is below it. A heartbeat is none.
    answered_ns
        When the last run of the agent that it waits for ended; 0 while one is open, and where none is known.
    source_seen_ns
        When anything of the process that reports the span was last received.
    source_events, project_events
        Events of the last 30 s, and (`_usual`) the median of such periods in the hour before.
    """

    project: str
    trace_id: str
    span_id: str
    parent_span_id: str
    ended: bool
    environment: str
    service: str
    service_instance: str
    agent_version: str
    name: str
    kind: str
    agent: str
    operation: str
    tool: str
    model: str
    last_progress_ns: int
    open_descendants: int
    waiting_on: str
    wait_reason: str
    answered_ns: int
    source_seen_ns: int
    source_events: int
    source_events_usual: int
    project_events: int
    project_events_usual: int

    @property
    def fingerprint(self) -> str:
        """Name of the span's finding: trace and span id, 48 hex digits."""
        return self.trace_id + self.span_id

    @property
    def key(self) -> Key:
        """The project and the fingerprint: the same ids may stand in several projects."""
        return self.project, self.fingerprint

    @property
    def work(self) -> Work:
        """What the span is compared with."""
        return Work(
            self.project, self.kind, self.agent, self.operation, self.tool, self.model, self.agent_version
        )

    @property
    def source(self) -> Source:
        """The process that reports it."""
        return Source(self.project, self.service, self.service_instance)

    @property
    def progressed_ns(self) -> int:
        """When the span was last seen to progress; being seen for the first time counts."""
        return max(self.last_progress_ns, self.first_seen_ns)

    @property
    def source_is_silent(self) -> bool:
        """Whether the process that reports it, or its whole project, sends far less than usual."""
        return self.project_is_silent or is_silent(self.source_events, self.source_events_usual)

    @property
    def project_is_silent(self) -> bool:
        """Whether the whole project sends far less than usual."""
        return is_silent(self.project_events, self.project_events_usual)
