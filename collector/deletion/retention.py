"""Deletes what is older than its project keeps: whole days, or some projects' rows of a day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from prometheus_client import Counter

from collector.deletion.kept import Kept
from collector.deletion.settled import waiting_days
from collector.journal.segment import Folders
from collector.loader.archive import Archive
from collector.loader.merged_parts import MergedParts
from collector.store.mutations import none_outlives
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)
_ROWS = Counter("doldrums_core_expired_rows", "Rows of spans, log records and pieces deleted by their age")
_BYTES = Counter("doldrums_core_expired_bytes", "Bytes on disk that this freed")

_BY_DAY = ("spans", "span_logs", "contents")
_DERIVED = (
    "steps",
    "traces",
    "trace_hours",
    "duration_bins",
    "chains",
    "contract_calls",
    "contracts",
    "drift_sketches",
    "drift_words",
    "drift_counts",
    "prompt_fingerprints",
)


@dataclass(frozen=True)
class Deleted:
    """What was deleted since the start: rows as they were received, and bytes of whole days."""

    rows: int = 0
    bytes: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class _Expired:
    """Rows of a day that are not kept, by project, and whether that is the whole day."""

    rows: Mapping[str, int]
    whole: bool


class Retention:
    """Deletes; who calls it keeps loading, replaying and assembling away meanwhile.

    Attributes
    ----------
    deleted
        What was deleted since the start.
    """

    def __init__(self, store: Store, folders: Folders, archive: Archive, kept: Kept) -> None:
        self._store = store
        self._folders = folders
        self._archive = archive
        self._kept = kept
        self.deleted = Deleted()

    def due(self, now: datetime) -> bool:
        """Say whether there is something to delete: so that nobody is kept away for nothing."""
        return bool(self._expired(now)) or any(self._derived(now).values()) or bool(self._months(now))

    def run(self, now: datetime) -> None:
        """Delete what is expired. A kill leaves some of it, which the next run deletes."""
        expired = self._expired(now)
        # what is archived and not stored is loaded again: copies go first
        self._archive.erase(lambda segment: segment.day.isoformat() in expired)
        looks = MergedParts(self._store)
        with none_outlives(self._store):
            for day in sorted(expired):
                self._drop(day, expired[day])
            for table, rows in self._derived(now).items():
                if rows:
                    self._command(f"drop_expired_{table}.sql", self._kept.bounds(now.date()))
            for month in self._months(now):
                self._command("drop_month.sql", month)
        looks.look()

    def forget_erased(self, before: datetime) -> None:
        """Forget which traces were erased so long ago that nothing can bring them back."""
        bounds = {"before_s": int(before.timestamp())}
        (row,) = self._query("count_forgotten.sql", bounds)
        if row["traces"]:
            self._command("forget_erased.sql", bounds)

    def _drop(self, day: str, expired: _Expired) -> None:
        projects, whole, bytes_before = expired.rows, expired.whole, self._bytes(day)
        sql = "drop_day.sql" if whole else "drop_projects_of_day.sql"
        for table in _BY_DAY:
            parameters = {"table": table, "day": day}
            self._command(sql, parameters if whole else {**parameters, "projects": list(projects)})
        rows, size = sum(projects.values()), max(0, bytes_before - self._bytes(day))
        _ROWS.inc(rows)
        _BYTES.inc(size)
        self.deleted = Deleted(self.deleted.rows + rows, self.deleted.bytes + size, datetime.now(UTC))
        log.info("expired_deleted", day=day, projects=sorted(projects), whole=whole, rows=rows, bytes=size)

    def _expired(self, now: datetime) -> Mapping[str, _Expired]:
        """Return by day what is not kept; a day of which something waits can wait."""
        today = now.date()
        # from here on everybody keeps all, so of a day before it every project's rows are among these
        before = self._kept.first_days(today)[-1].isoformat()
        waiting, received = waiting_days(self._folders), defaultdict[str, dict[str, int]](dict)
        for row in self._query("received_before.sql", {"before": before}):
            received[row["day"]][row["project"]] = int(row["rows"])
        found = {}
        for day, rows in received.items():
            kept = {project for project in rows if day >= self._kept.first_day(project, today).isoformat()}
            gone = {project: n for project, n in rows.items() if project not in kept}
            if gone and day not in waiting:
                found[day] = _Expired(gone, whole=not kept)
        return found

    def _derived(self, now: datetime) -> Mapping[str, int]:
        (row,) = self._query("count_expired.sql", self._kept.bounds(now.date()))
        return {table: int(row[table]) for table in _DERIVED}

    def _months(self, now: datetime) -> Rows:
        before = self._kept.first_days(now.date())[0]
        return self._query("expired_months.sql", {"before": before.isoformat()})

    def _bytes(self, day: str) -> int:
        (row,) = self._query("bytes_of_day.sql", {"day": day})
        return int(row["bytes"] or 0)

    def _query(self, name: str, parameters: Mapping[str, object]) -> Rows:
        return self._store.query(statement(__package__, name), parameters)

    def _command(self, name: str, parameters: Mapping[str, object]) -> None:
        self._store.command(statement(__package__, name), parameters)
