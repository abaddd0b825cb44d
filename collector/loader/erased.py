"""Which traces were erased: what is loaded again leaves them out."""

from collector.journal.segment import Segment
from collector.loader.without import without
from collector.store.statement import statement
from collector.store.store import Store

# Of more it is faster to parse.
_LOOKED_FOR_MAX = 1_000


class Erased:
    """Asks the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def without(self, segment: Segment, data: bytes) -> tuple[bytes, int]:
        """Return a segment's bytes without the erased traces, and how many spans or logs those had."""
        rows = self._store.query(statement(__package__, "erased_traces.sql"))
        erased = {(row["project"], bytes(row["trace_id"])) for row in rows}
        # most often there is none, and parsing takes 20 us a span
        if len(erased) < _LOOKED_FOR_MAX and not any(trace_id in data for _, trace_id in erased):
            return data, 0
        return without(data, segment.signal, lambda project, trace_id: (project, trace_id) in erased)
