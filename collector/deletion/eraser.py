"""Erases the traces of a user or a session from what the loader keeps: store, archive and quarantine.

Every step bears repetition, so that a kill at any moment is made good by doing it all again.
"""

from collections.abc import Mapping
from datetime import datetime

from collector.deletion.quarantine import erase_from_quarantine
from collector.deletion.subject import Subject
from collector.journal.segment import Folders
from collector.loader.archive import Archive
from collector.loader.merged_parts import MergedParts
from collector.store.mutations import none_outlives
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

# Partitioned by the day received, counted by segment.
_COUNTED = ("spans", "span_logs")
# Derived from those. Their traces are assembled again from what arrives later.
_DERIVED = ("steps", "traces", "open_spans", "trace_hours", "chains", "contract_calls", "drift_steps")
# Counted by the hour from what was said in traces, so that no trace can be taken out of them.
_COUNTED_BY_HOUR = ("drift_sketches", "drift_words", "prompt_fingerprints")
# Whose replaced parts are kept a while (`old_parts_lifetime`).
_LASTING = ("spans", "span_logs", "contents")


class Eraser:
    """Deletes, once the archive was compared with the store; rows while nothing is loaded or assembled."""

    def __init__(self, store: Store, folders: Folders, archive: Archive) -> None:
        self._store = store
        self._folders = folders
        self._archive = archive

    def preview(self, subject: Subject) -> Mapping[str, int]:
        """Count what would be erased now."""
        (row,) = self._query("preview_erasure.sql", subject.parameters)
        return {name: int(count) for name, count in row.items()}

    def find(self, erasure: str, subject: Subject, until: str) -> list[str]:
        """Note the traces that a span names the subject in, and return the ids of all noted ones."""
        self._command("note_erased.sql", {**subject.parameters, "erasure": erasure, "until": until})
        return self.noted(erasure)

    def noted(self, erasure: str) -> list[str]:
        """Return the ids of the traces that were found, in hexadecimal."""
        return [row["id"] for row in self._query("erased_ids.sql", {"erasure": erasure})]

    def count(self, erasure: str, project: str) -> Mapping[str, int]:
        """Count the rows of noted traces, by table."""
        rows = self._query("count_erased.sql", {"erasure": erasure, "project": project})
        return {row["name"]: int(row["rows"]) for row in rows}

    def delete_copies(self, erasure: str, subject: Subject, until: str) -> None:
        """Take the segments of noted traces out of the archive, while nothing is replayed.

        Before their rows: what is archived and not stored is loaded again by the next start.
        """
        wanted = {"erasure": erasure, "project": subject.project, "until": until}
        ids = {row["segment"] for row in self._query("erased_segments.sql", wanted)}
        self._archive.erase(lambda segment: segment.id in ids)

    def delete(self, erasure: str, subject: Subject, until: str) -> int:
        """Delete the noted traces wherever they are, and return how many pieces of quarantine had some."""
        # most often there is nothing left to do: only what was found since
        self.delete_copies(erasure, subject, until)
        traces = {bytes.fromhex(trace_id) for trace_id in self.noted(erasure)}
        pieces = erase_from_quarantine(self._folders.quarantine, subject, traces)
        looks = MergedParts(self._store)
        with none_outlives(self._store):
            self._delete_rows({"erasure": erasure, "project": subject.project, "until": until})
        # chDB says OK to writes that failed: what was written in place of sound parts is looked at
        looks.look()
        return pieces

    def _delete_rows(self, wanted: Mapping[str, object]) -> None:
        self._forget_said(wanted)
        for day in sorted({row["day"] for row in self._query("erased_segments.sql", wanted)}):
            # first what no row names: once the spans are gone nobody knows on which days it was
            self._drop_detached(day)
            self._command("erase_contents.sql", {**wanted, "day": day})
            for table in _COUNTED:
                self._command("erase_rows.sql", {**wanted, "day": day, "table": table})
        for table in _DERIVED:
            self._command("erase_derived.sql", {**wanted, "table": table})

    def _forget_said(self, wanted: Mapping[str, object]) -> None:
        """While the traces' steps still say in which hours they were counted."""
        hours = [row["hour_s"] for row in self._query("hours_of_erased.sql", wanted)]
        if hours:
            for table in _COUNTED_BY_HOUR:
                self._command("erase_hours.sql", {**wanted, "hours": hours, "table": table})
            self._command("erase_said.sql", {**wanted, "hours": hours})
        # of a count that was killed, by hours too
        self._command("empty_pieces.sql", {})

    def lingering(self, deleted: datetime) -> int:
        """Count the parts on disk that were replaced until then, which may hold what was deleted."""
        for table in _LASTING:  # after a start, those are found in the background
            self._command("wait_loading.sql", {"table": table})
        (row,) = self._query("lingering_parts.sql", {"deleted": int(deleted.timestamp()) + 1})
        return int(row["parts"])

    def _drop_detached(self, day: str) -> None:
        """Damaged parts that a start took out of use: what the archive had of them is loaded again."""
        for row in self._query("detached_parts.sql", {"day": day}):
            self._command("drop_detached.sql", row)

    def _query(self, name: str, parameters: Mapping[str, object]) -> Rows:
        return self._store.query(statement(__package__, name), parameters)

    def _command(self, name: str, parameters: Mapping[str, object]) -> None:
        self._store.command(statement(__package__, name), parameters)
