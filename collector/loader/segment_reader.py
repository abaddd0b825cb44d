"""What a segment contains, and its rows into `spans`: the statements that read a segment's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collector.conventions.restrict import Vocabulary
from collector.conventions.table import table
from collector.journal.segment import Segment
from collector.loader import structure
from collector.loader.statement import load_statement
from collector.store.statement import statement
from collector.store.store import Store

# One thread and one block per segment: one part, one rename, wholly there or not at all.
# Two segments are loaded in parallel rather than one in two threads.
_ONE_PART = {
    "max_threads": 1,
    "max_insert_threads": 1,
    "max_block_size": 10_000_000,
    "max_insert_block_size": 10_000_000,
    "min_insert_block_size_rows": 10_000_000,
    "min_insert_block_size_bytes": 4_000_000_000,
    "async_insert": 0,
}


@dataclass(frozen=True)
class Limits:
    """What is cut, with a mark, when a segment is loaded.

    Parameters
    ----------
    attributes_max
        Attributes, events and links kept of one span. 1,024: OpenInference writes one attribute
        per message part, so a long conversation has hundreds; SDKs default to 128.
    value_bytes_max
        Bytes kept of one value. 256 KiB is about 60,000 tokens.
    """

    attributes_max: int = 1024
    value_bytes_max: int = 256 * 1024


@dataclass(frozen=True)
class Contents:
    """What a look at the names in a segment tells."""

    spans: int
    vocabulary: Vocabulary
    nesting: structure.Nesting
    elements_most: int
    value_bytes_most: int


class SegmentReader:
    """Reads segments by ClickHouse's own protobuf reader."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits

    def contents(self, path: Path) -> Contents:
        """Look at the names in a segment."""
        (row,) = self._store.query(
            statement(__package__, "read_vocabulary.sql"),
            {"path": str(path), "structure": structure.VOCABULARY},
            _settings("names.proto"),
        )
        vocabulary = Vocabulary(
            *(frozenset(map(str, row[name])) for name in ("attributes", "events", "scopes"))
        )
        return Contents(
            spans=row["spans_total"],
            vocabulary=vocabulary.known_to(table()),
            nesting="deep" if row["has_deep"] else "arrays" if row["has_arrays"] else "flat",
            elements_most=row["elements_most"],
            value_bytes_most=row["value_bytes_most"],
        )

    def insert(self, path: Path, segment: Segment) -> None:
        """Insert every span of the segment in one statement."""
        sql, parameters = self._statement(path, segment.id, segment.day)
        self._store.command(sql, parameters, _settings("otlp.proto"))

    def rehearse(self, path: Path) -> None:
        """Do all that `insert` does but the writing, to learn whether the data is refused."""
        sql, parameters = self._statement(path, "", date(1970, 1, 1))
        rehearsal = sql.replace("INSERT INTO spans", "INSERT INTO spans_rehearsed", 1)
        self._store.command(rehearsal, parameters, _settings("otlp.proto"))

    def _statement(self, path: Path, segment: str, day: date) -> tuple[str, dict[str, object]]:
        contents = self.contents(path)
        over = (
            contents.elements_most > self._limits.attributes_max
            or contents.value_bytes_most > self._limits.value_bytes_max
        )
        parameters: dict[str, object] = {
            "path": str(path),
            "structure": structure.traces(contents.nesting),
            "segment": segment,
            "day": day.isoformat(),
        }
        if over:
            parameters |= {
                "attributes_max": self._limits.attributes_max,
                "value_bytes_max": self._limits.value_bytes_max,
            }
        return load_statement(contents.vocabulary, contents.nesting, cut=over), parameters


def _settings(schema: str) -> Mapping[str, object]:
    """A schema given as text would leave a copy in the folder where the process stands."""
    return _ONE_PART | {"format_schema": f"{Path(__file__).with_name(schema)}:Request"}
