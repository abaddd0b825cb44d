"""Reads what is selected, assembles it and writes it down, newer than all that was written before."""

import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog

from analytics.assembly.assemble import Forest, assemble
from analytics.assembly.log_evidence import first_day, with_evidence
from analytics.assembly.names import Names
from analytics.assembly.open_work import open_work
from analytics.assembly.selection import Selection, selecting
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

_HOUR_NS = 3_600_000_000_000


class Writer:
    """Writes `steps`, `traces` and `open_spans`, each time under a version of its own.

    Attributes
    ----------
    version
        Of what was written last. Microseconds since 1970, about; it may be raised.
    last_open
        When anything was heard for the last time of what was ever reported open, or later.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        (row,) = store.query(statement(__package__, "last_version.sql"))
        self.version = int(row["version"] or 0)
        (row,) = store.query(statement(__package__, "last_open.sql"))
        self.last_open = datetime.fromtimestamp(row["observed_s"], UTC)
        self._ended_hours: set[int] = set()
        self._names = Names()

    def write(self, selection: Selection, new_ns: int = 0) -> dict[str, int]:
        """Assemble the selection; return the spans of each trace, by its place (`Selection`).

        Parameters
        ----------
        new_ns
            What was received before was assembled once already: the hours in which it ended are
            not told again.
        """
        started = time.monotonic()
        reports = self._store.columns(selecting("read_reports.sql"), selection.parameters)
        if not len(reports):
            return {}
        forest = Forest(self._completed(reports, selection))
        steps = assemble(forest)
        self._note_ends(steps, new_ns)
        self._write_steps(steps, selection.left_out)
        self._write_open_spans(selection, forest, steps)
        log.debug("assembled", spans=len(reports), elapsed_s=time.monotonic() - started)
        return forest.sizes()

    def _completed(self, reports: pa.Table, selection: Selection) -> pa.Table:
        parameters = {**selection.parameters, "since": first_day(reports)}
        evidence = self._store.columns(selecting("read_evidence.sql"), parameters)
        return self._names.complete(with_evidence(reports, evidence))

    def take_ends(self) -> set[datetime]:
        """Hours in which spans ended that were assembled since the last call."""
        hours, self._ended_hours = self._ended_hours, set()
        return {datetime.fromtimestamp(hour * 3600, UTC) for hour in hours}

    def _note_ends(self, steps: pa.Table, new_ns: int) -> None:
        received, ends = (steps[name].cast(pa.int64()).to_numpy() for name in ("received", "end"))
        self._ended_hours.update(np.unique(ends[(ends > 0) & (received >= new_ns)] // _HOUR_NS).tolist())

    def _write_steps(self, steps: pa.Table, left_out: int) -> None:
        self.version += 1
        versions = pa.array(np.full(len(steps), self.version, np.uint64))
        self._store.insert("steps", steps.drop_columns(["received"]).append_column("version", versions))
        written = {"version": self.version, "left_out": left_out}
        for name in ("note_places.sql", "insert_traces.sql"):
            self._store.command(statement(__package__, name), written)

    def _write_open_spans(self, selection: Selection, forest: Forest, steps: pa.Table) -> None:
        observations = self._store.columns(selecting("observations.sql"), selection.parameters)
        if len(observations):
            observed_ns = pc.max(observations["observed"].cast(pa.int64())).as_py()
            # a segment may come from a clock that is ahead
            observed = datetime.fromtimestamp(observed_ns // 1_000_000_000 + 1, UTC)
            self.last_open = max(self.last_open, datetime.now(UTC), observed)
            self._store.insert("open_spans", open_work(steps, observations, forest.parents))
