"""What was received, refused and not taken, by transport and format."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from collector.errors import CollectorError, TransientError
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
    """

    requests: dict[str, Tally] = field(default_factory=dict)
    spans: dict[str, Tally] = field(default_factory=dict)
    log_records: dict[str, Tally] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    rejected_by_reason: Counter[str] = field(default_factory=Counter)
    repaired_strings: int = 0

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
        )

    def accept(self, origin: str, spans: int, rejected: Mapping[str, int], repaired_strings: int) -> None:
        """Count a request that was stored, in whole or in part."""
        self._requests(origin).accepted += 1
        tally = self._spans(origin)
        tally.accepted += spans
        tally.rejected += sum(rejected.values())
        self.rejected_by_reason.update(rejected)
        self.repaired_strings += repaired_strings

    def accept_others(
        self, origin: str, signal: Signal, kept: int, rejected: Mapping[str, int], dropped: int
    ) -> None:
        """Count what else a request of logs or metrics held that `accept` was told of."""
        if signal is Signal.LOGS:
            tally = self._log_records(origin)
            tally.accepted += kept
            tally.rejected += sum(rejected.values())
            self.rejected_by_reason.update(rejected)
        self.dropped[signal.value] += dropped  # orjson takes keys that are plain text alone

    def refuse(self, origin: str, error: CollectorError) -> None:
        """Count a request that was not."""
        if isinstance(error, TransientError):
            self._requests(origin).failed += 1
        else:
            self._requests(origin).rejected += 1

    def fail(self, origin: str, spans: int, log_records: int = 0) -> None:
        """Count what was sound and could not be stored."""
        self._spans(origin).failed += spans
        if log_records:
            self._log_records(origin).failed += log_records

    def _requests(self, origin: str) -> Tally:
        return self.requests.setdefault(origin, Tally())

    def _spans(self, origin: str) -> Tally:
        return self.spans.setdefault(origin, Tally())

    def _log_records(self, origin: str) -> Tally:
        return self.log_records.setdefault(origin, Tally())
