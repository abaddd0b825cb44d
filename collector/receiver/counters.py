"""What was received, refused and not taken, by transport and format."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from collector.errors import CollectorError, Forbidden, TransientError, Unauthenticated
from collector.otlp.response import Encoding
from collector.otlp.signal import Signal


class Origin(NamedTuple):
    """How a request came."""

    transport: str
    encoding: Encoding

    def __str__(self) -> str:
        return f"{self.transport}/{self.encoding}"


HTTP_PROTOBUF = Origin("http", "protobuf")
HTTP_JSON = Origin("http", "json")
HTTP_UNKNOWN = "http/unknown"
GRPC = Origin("grpc", "protobuf")


@dataclass
class Tally:
    """Outcomes.

    Attributes
    ----------
    accepted
        On disk and acknowledged.
    rejected
        Refused for good, as it will never be right.
    failed
        Not taken now; the client was told to try again.
    """

    accepted: int = 0
    rejected: int = 0
    failed: int = 0


@dataclass
class Counters:
    """Totals since the first start. For one event loop, not for threads.

    Attributes
    ----------
    requests, spans, log_records
        By `Origin` as text. What a request holds that could not be read is not known.
    dropped
        Taken, counted and not stored, as nothing here reads it, by signal: log records that belong to no
        span, data points of metrics.
    rejected_by_reason
        Single spans and log records that were removed, by the rule they broke.
    repaired_strings
        Strings that were not UTF-8.
    projects
        Spans by the project of their key.
    projects_log_records, projects_dropped
        `log_records` and `dropped` by project.
    limited
        Requests over a key's limits, by project.
    unauthorized
        Requests without a key that is good for them.
    """

    requests: dict[str, Tally] = field(default_factory=dict)
    spans: dict[str, Tally] = field(default_factory=dict)
    log_records: dict[str, Tally] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    rejected_by_reason: Counter[str] = field(default_factory=Counter)
    repaired_strings: int = 0
    projects: dict[str, Tally] = field(default_factory=dict)
    projects_log_records: dict[str, Tally] = field(default_factory=dict)
    projects_dropped: dict[str, Counter[str]] = field(default_factory=dict)
    limited: Counter[str] = field(default_factory=Counter)
    unauthorized: int = 0

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Counters":
        """Read what a snapshot holds."""
        return cls(
            requests={origin: Tally(**tally) for origin, tally in document["requests"].items()},
            spans={origin: Tally(**tally) for origin, tally in document["spans"].items()},
            log_records={origin: Tally(**tally) for origin, tally in document.get("log_records", {}).items()},
            dropped=Counter(document.get("dropped", {})),
            rejected_by_reason=Counter(document["rejected_by_reason"]),
            repaired_strings=document["repaired_strings"],
            # what was written before there were keys has none of these
            projects={name: Tally(**tally) for name, tally in document.get("projects", {}).items()},
            projects_log_records={
                name: Tally(**tally) for name, tally in document.get("projects_log_records", {}).items()
            },
            projects_dropped={
                name: Counter(dropped) for name, dropped in document.get("projects_dropped", {}).items()
            },
            limited=Counter(document.get("limited", {})),
            unauthorized=document.get("unauthorized", 0),
        )

    def accept(
        self, origin: str, project: str, spans: int, rejected: Mapping[str, int], repaired_strings: int
    ) -> None:
        """Count a request that was stored, in whole or in part."""
        self._requests(origin).accepted += 1
        for tally in self._spans(origin, project):
            tally.accepted += spans
            tally.rejected += sum(rejected.values())
        self.rejected_by_reason.update(rejected)
        self.repaired_strings += repaired_strings

    def accept_others(
        self,
        origin: str,
        project: str,
        signal: Signal,
        kept: int,
        rejected: Mapping[str, int],
        dropped: int,
    ) -> None:
        """Count what else a request of logs or metrics held that `accept` was told of."""
        if signal is Signal.LOGS:
            for tally in self._log_records(origin, project):
                tally.accepted += kept
                tally.rejected += sum(rejected.values())
            self.rejected_by_reason.update(rejected)
        for counter in (self.dropped, self.projects_dropped.setdefault(project, Counter())):
            counter[signal.value] += dropped  # orjson takes keys that are plain text alone

    def refuse(self, origin: str, error: CollectorError) -> None:
        """Count a request that was not."""
        if isinstance(error, TransientError):
            self._requests(origin).failed += 1
        else:
            self._requests(origin).rejected += 1
        self.unauthorized += isinstance(error, (Unauthenticated, Forbidden))

    def limit(self, project: str) -> None:
        """Count a request over its key's limits; it is refused besides."""
        self.limited[project] += 1

    def fail(self, origin: str, project: str, spans: int, log_records: int = 0) -> None:
        """Count what was sound and could not be stored."""
        for tally in self._spans(origin, project):
            tally.failed += spans
        if log_records:
            for tally in self._log_records(origin, project):
                tally.failed += log_records

    def _requests(self, origin: str) -> Tally:
        return self.requests.setdefault(origin, Tally())

    def _spans(self, origin: str, project: str) -> tuple[Tally, Tally]:
        return self.spans.setdefault(origin, Tally()), self.projects.setdefault(project, Tally())

    def _log_records(self, origin: str, project: str) -> tuple[Tally, Tally]:
        of_project = self.projects_log_records.setdefault(project, Tally())
        return self.log_records.setdefault(origin, Tally()), of_project
