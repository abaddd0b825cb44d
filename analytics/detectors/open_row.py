"""OpenRow: a span that was reported open, as it was last seen. Pure."""

from dataclasses import dataclass

from analytics.baselines.work import Work
from analytics.detectors.source import is_silent
from analytics.findings.judgement import Key

# A plain batch exporter sends what began up to 5 s late (OTEL_BSP_SCHEDULE_DELAY). Heartbeats are
# not trusted to come more often either: what they tell of children is as late as the children are.
REPORT_DELAY_S = 5.0
HEARTBEAT_S_DEFAULT = 10.0
HEARTBEAT_S_MAX = 60.0


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row of `stuck_span.sql`. Times are Unix nanoseconds, unknown strings are ''.

    Parameters
    ----------
    start_ns
        By the client's clock; every other time is when we received something.
    last_progress_ns
        Newest event of the span or of what is below it. A heartbeat is none.
    heartbeats
        Reports of the span so far.
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
    start_ns: int
    first_seen_ns: int
    last_seen_ns: int
    last_progress_ns: int
    open_descendants: int
    waiting_on: str
    wait_reason: str
    heartbeats: int
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
    def opened_ns(self) -> int:
        """When the span began, as far as the client's clock can be believed.

        It was open when we first saw it, and we saw it one export after it began. A start after
        the one or before the other is the client's clock being wrong, or a report that was held
        up; either way the age counts from what we saw, which errs to the young.
        """
        earliest_ns = self.first_seen_ns - int(REPORT_DELAY_S * 1e9)
        return max(earliest_ns, min(self.start_ns, self.first_seen_ns))

    @property
    def progressed_ns(self) -> int:
        """When the span was last seen to progress; being seen for the first time counts."""
        return max(self.last_progress_ns, self.first_seen_ns)

    @property
    def beats(self) -> bool:
        """Whether the source sends heartbeats of it: it was reported open more than once."""
        return self.heartbeats >= 2

    @property
    def heartbeat_s(self) -> float:
        """Observed interval of the heartbeats, within bounds; the default where there are none."""
        if not self.beats:
            return HEARTBEAT_S_DEFAULT
        interval_s = (self.last_seen_ns - self.first_seen_ns) / 1e9 / (self.heartbeats - 1)
        return min(max(interval_s, REPORT_DELAY_S), HEARTBEAT_S_MAX)

    @property
    def source_is_silent(self) -> bool:
        """Whether the process that reports it, or its whole project, sends far less than usual."""
        return self.project_is_silent or is_silent(self.source_events, self.source_events_usual)

    @property
    def project_is_silent(self) -> bool:
        """Whether the whole project sends far less than usual."""
        return is_silent(self.project_events, self.project_events_usual)
