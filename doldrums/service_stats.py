"""What GET /stats says, gathered from the receiver's snapshot, the journal, the store and the watch."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analytics.api import models
from analytics.findings.ledger import FindingLedger
from analytics.rfc3339 import rfc3339
from analytics.watch import Watch
from collector.deletion.retention import Deleted
from collector.journal.quarantined import quarantined
from collector.journal.segment import Folders
from collector.otlp.signal import Signal
from collector.receiver.counters import Counters, Tally
from collector.receiver.snapshot import FILE_NAME, Snapshot, read_snapshot
from collector.store.statement import statement
from collector.store.store import Store
from doldrums.logs_without_span import LogsWithoutSpan
from doldrums.settings import Settings


class ServiceStats:
    """Reads the state of the whole service."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        folders: Folders,
        watch: Watch,
        ledger: FindingLedger,
        version: str,
        deleted: Callable[[], Deleted] = Deleted,
    ) -> None:
        self._settings = settings
        self._store = store
        self._folders = folders
        self._watch = watch
        self._ledger = ledger
        self._version = version
        self._deleted = deleted
        self._logs_without_span = LogsWithoutSpan(store)

    def read(self, project: str | None = None) -> models.Stats:
        """Gather; O(files in the journal) and one look at row counts.

        Parameters
        ----------
        project
            Whose spans, requests and findings are counted; None for everybody's.
        """
        (stored,) = self._store.query(statement("analytics.api", "stored.sql"))
        journal = self._journal()
        received = read_snapshot(self._settings.data_dir / FILE_NAME)
        return models.Stats(
            version=self._version,
            demo=self._settings.demo,
            otlp_http=str(self._settings.otlp_http_address),
            otlp_grpc=str(self._settings.otlp_grpc_address),
            otlp_tls=self._settings.otlp_tls_cert_file is not None,
            **self._counts(project, stored, received),
            journal=journal,
            retention=self._retention(),
            newest_span=rfc3339(stored["newest_us"] * 1000) if stored["newest_us"] else None,
            ingest_lag_s=_lag_s(stored, journal.age_s),
            detectors=[self._detector(name, project) for name in self._watch.looks.names],
        )

    def _counts(
        self, project: str | None, stored: dict[str, Any], received: Snapshot | None
    ) -> dict[str, Any]:
        if project is not None:
            return self._counts_of(project, received)
        apart = self._apart()
        counts = {
            "spans": _spans(int(stored["spans"] or 0), apart[Signal.TRACES], received),
            "logs": _logs(
                int(stored["log_records"] or 0), apart[Signal.LOGS], received, self._logs_without_span.count()
            ),
        }
        if received is None:
            return counts
        return counts | {
            "metrics": models.MetricCounts(dropped=received.counters.dropped[Signal.METRICS]),
            "requests_rejected": received.requests_rejected,
            "requests_unauthorized": received.counters.unauthorized,
            "requests_rate_limited": received.counters.limited.total(),
            "strings_repaired": received.counters.repaired_strings,
        }

    def _counts_of(self, project: str, received: Snapshot | None) -> dict[str, Any]:
        (stored,) = self._store.query(statement("analytics.api", "stored_of.sql"), {"project": project})
        apart = self._apart(project)
        counters = received.counters if received else Counters()
        dropped = counters.projects_dropped.get(project, Counter())
        return {
            "spans": models.SpanCounts(
                **_of_project(counters.projects.get(project), stored["spans"], apart[Signal.TRACES])
            ),
            "logs": models.LogCounts(
                **_of_project(
                    counters.projects_log_records.get(project), stored["log_records"], apart[Signal.LOGS]
                ),
                dropped=dropped[Signal.LOGS],
                without_span=self._logs_without_span.count(project),
            ),
            "metrics": models.MetricCounts(dropped=dropped[Signal.METRICS]),
            "requests_rate_limited": counters.limited[project],
        }

    def _apart(self, project: str | None = None) -> Counter[str]:
        """Items in quarantine by signal."""
        apart = Counter[str]()
        for piece in quarantined(self._folders.quarantine, project):
            apart[piece.signal] += piece.spans
        return apart

    def _retention(self) -> models.RetentionStats:
        deleted = self._deleted()
        return models.RetentionStats(
            days=self._settings.retention_d,
            days_of_projects=self._settings.retention_d_of_projects,
            rows_deleted=deleted.rows,
            bytes_deleted=deleted.bytes,
            last_deleted=rfc3339(deleted.at) if deleted.at else None,
        )

    def _journal(self) -> models.JournalStats:
        # the open ones are listed and measured first: what is sealed meanwhile is not missed
        sizes = [_size_and_age(path) for path in self._folders.open.glob("*.otlp")]
        sizes += [_size_and_age(path) for path in self._folders.sealed.glob("*.otlp")]
        apart = [
            path for kind in ("segment", "damage") for path in self._folders.quarantine.glob(f"*.{kind}")
        ]
        return models.JournalStats(
            bytes=sum(size for size, _ in sizes),
            age_s=max((age for _, age in sizes), default=0.0),
            damaged_bytes=sum(size for size, _ in map(_size_and_age, apart)),
        )

    def _detector(self, name: str, project: str | None) -> models.DetectorStats:
        look = self._watch.looks.last.get(name)
        return models.DetectorStats(
            detector=name,
            last_run=rfc3339(look.at) if look else None,
            seconds=look.elapsed_s if look else None,
            findings_open=self._ledger.count_open(name, project),
        )


def _spans(stored: int, quarantined_spans: int, snapshot: Snapshot | None) -> models.SpanCounts:
    return models.SpanCounts(
        # the receiver publishes once a second; what is stored or set aside was received for certain
        received=max(stored + quarantined_spans, snapshot.spans_accepted if snapshot else 0),
        rejected=snapshot.spans_rejected if snapshot else 0,
        stored=stored,
        quarantined=quarantined_spans,
    )


def _logs(
    stored: int, quarantined_records: int, snapshot: Snapshot | None, without_span: int
) -> models.LogCounts:
    return models.LogCounts(
        received=max(stored + quarantined_records, snapshot.log_records_accepted if snapshot else 0),
        rejected=snapshot.log_records_rejected if snapshot else 0,
        stored=stored,
        quarantined=quarantined_records,
        dropped=snapshot.counters.dropped[Signal.LOGS] if snapshot else 0,
        without_span=without_span,
    )


def _of_project(tally: Tally | None, stored: int, apart: int) -> dict[str, int]:
    tally = tally or Tally()
    # the receiver publishes once a second, and a kill loses its last one
    received = max(stored + apart, tally.accepted)
    return {"received": received, "rejected": tally.rejected, "stored": stored, "quarantined": apart}


def _size_and_age(path: Path) -> tuple[int, float]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0.0
    return status.st_size, max(0.0, time.time() - status.st_mtime)


def _lag_s(stored: dict[str, Any], waiting_s: float) -> float | None:
    """From the beginning of the newest segment, which its UUIDv7 says, until it could be queried.

    What has waited longer than that says more.
    """
    if not stored["newest_segment"]:
        return waiting_s or None
    begun_ms = int(stored["newest_segment"][:12], 16)
    return max(waiting_s, float(stored["newest_us"] / 1e6 - begun_ms / 1e3))
