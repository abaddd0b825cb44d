"""DATA_DIR/receiver.json: the receiver's counters and health, for other processes to read."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from collector.journal.durable import replace_file
from collector.receiver.counters import Counters

FILE_NAME = "receiver.json"


@dataclass(frozen=True)
class Snapshot:
    """The state of a receiver, and its totals since the first start.

    Attributes
    ----------
    problem
        Why no request is taken, or None.
    spans_accepted
        Spans on disk, also after a kill: see `collector.receiver.publisher`.
    journal_backlog_bytes
        Bytes on disk that are not loaded.
    journal_written_bytes
        All that was written.
    sealed_segment, sealed_spans
        Id of the newest segment sealed, and the spans in all up to it.
    log_records_accepted, sealed_log_segment, sealed_log_records
        The same of the log records that belong to spans.
    counters
        Requests and spans by origin and outcome; a kill loses its last second.
    """

    written_at: datetime
    pid: int
    problem: str | None
    spans_accepted: int
    journal_backlog_bytes: int
    journal_written_bytes: int
    sealed_segment: str
    sealed_spans: int
    counters: Counters
    log_records_accepted: int = 0
    sealed_log_segment: str = ""
    sealed_log_records: int = 0

    @property
    def ready(self) -> bool:
        """Whether requests are taken."""
        return self.problem is None

    @property
    def spans_rejected(self) -> int:
        """Spans that were refused for good, one by one."""
        return sum(tally.rejected for tally in self.counters.spans.values())

    @property
    def log_records_rejected(self) -> int:
        """Log records that were refused for good, one by one."""
        return sum(tally.rejected for tally in self.counters.log_records.values())

    @property
    def requests_rejected(self) -> int:
        """Requests that were refused for good, whole."""
        return sum(tally.rejected for tally in self.counters.requests.values())

    @property
    def spans_failed(self) -> int:
        """Sound spans that could not be written; the clients were told to try again."""
        return sum(tally.failed for tally in self.counters.spans.values())

    def write(self, path: Path) -> None:
        """Replace the file: a reader sees the old one or the new one."""
        replace_file(path, orjson.dumps(self))


def read_snapshot(path: Path) -> Snapshot | None:
    """Return what a receiver last wrote; None when there is nothing that can be read."""
    try:
        document = orjson.loads(path.read_bytes())
        written_at = datetime.fromisoformat(document.pop("written_at")).astimezone(UTC)
        return Snapshot(written_at, counters=Counters.from_document(document.pop("counters")), **document)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
