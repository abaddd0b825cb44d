"""What the store holds of segments: how many rows, whether in sound parts, and what was recorded."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from clickhouse_connect.driver.exceptions import ClickHouseError
from prometheus_client import Counter, Histogram

from collector.errors import DamagedStore
from collector.journal.segment import Segment
from collector.loader.data_error import is_damage
from collector.loader.part import Part, is_sound
from collector.loader.table import TABLES
from collector.otlp.signal import Signal
from collector.store.rows import Row
from collector.store.statement import statement
from collector.store.store import Store

_STORED = Counter("doldrums_core_items_stored", "Items counted and verified in the store", ["signal"])
_LAG_S = Histogram(
    "doldrums_core_ingest_lag_seconds",
    "From the first span of a segment until the segment can be queried",
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86_400),
)


class Holdings:
    """Asks the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recording = threading.Lock()

    def count(self, batch: Sequence[Segment]) -> dict[str, int]:
        """Return the rows of each segment that has some."""
        rows = self._store.query(statement(__package__, "count_segments.sql"), _named(batch))
        return {row["segment"]: int(row["rows"]) for row in rows}

    def verified(self, batch: Sequence[Segment]) -> bool:
        """Say whether the bytes of the batch's parts are sound.

        A part that was merged away while we looked says nothing: look again.
        """
        parts = self._store.query(statement(__package__, "parts_of_segments.sql"), _named(batch))
        pieces = self._of_spans("parts_of_pieces.sql", batch)
        return bool(parts) and all(is_sound(self._store, Part(**row)) for row in [*parts, *pieces])

    def lacking_pieces(self, batch: Sequence[Segment]) -> set[str]:
        """Return the ids of segments whose spans name a piece of a long text that is not there."""
        return {str(row["segment"]) for row in self._of_spans("missing_pieces.sql", batch)}

    def _of_spans(self, name: str, batch: Sequence[Segment]) -> Sequence[Row]:
        """Ask about what spans alone have; of other signals there is nothing."""
        if batch[0].signal is not Signal.TRACES:
            return []
        parameters = {"day": batch[0].day.isoformat(), "segments": [segment.id for segment in batch]}
        with damage_told():  # a start detaches the part, and its pieces are written again
            return self._store.query(statement(__package__, name), parameters)

    def record(self, batch: Sequence[Segment]) -> None:
        """Write down that they were counted and verified.

        One at a time: what is recorded later is seen later, so that who follows needs to remember
        one number and misses none.
        """
        parameters = _named(batch) | {"signal": batch[0].signal, "rows": [segment.rows for segment in batch]}
        with self._recording:
            self._store.command(statement(__package__, "record_segments.sql"), parameters)
        _STORED.labels(batch[0].signal).inc(sum(segment.rows for segment in batch))
        for segment in batch:
            _LAG_S.observe((datetime.now(UTC) - segment.begun).total_seconds())


@contextmanager
def damage_told() -> Iterator[None]:
    """Raise DamagedStore where the engine cannot read its own files: it detaches them at a start only."""
    try:
        yield
    except ClickHouseError as error:
        if is_damage(error):
            raise DamagedStore(str(error)) from error
        raise


def _named(batch: Sequence[Segment]) -> dict[str, object]:
    return {
        "table": TABLES[batch[0].signal],
        "segments": [segment.id for segment in batch],
        "day": batch[0].day.isoformat(),
    }
