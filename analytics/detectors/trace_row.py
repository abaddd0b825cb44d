"""TraceRow: how a trace stands now, and how others of its project do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.findings.judgement import Key


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One row of `silent_trace.sql`: a trace as it stands now.

    Parameters
    ----------
    services, services_finished
        Services of the project, and of how many of their traces the end came in the last hours.
    """

    project: str
    trace_id: str
    heard_ns: int
    open_spans: int
    roots: int
    missing_parents: int
    services: Sequence[str]
    services_finished: Sequence[int]

    @property
    def key(self) -> Key:
        """The project and the fingerprint."""
        return self.project, self.trace_id

    def finished(self, service: str) -> int:
        """Return how many traces of a service have come to their end."""
        return dict(zip(self.services, self.services_finished, strict=True)).get(service, 0)
