"""What segments contain, and their rows into a table of ours: the statements that read segments' files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collector.conventions.restrict import Vocabulary
from collector.conventions.table import table
from collector.journal.segment import Segment
from collector.loader import structure
from collector.loader.statement import load_statement, logs_statement, vocabulary_statement
from collector.loader.table import TABLES
from collector.otlp.signal import Signal
from collector.store.store import Store


@dataclass(frozen=True)
class Cuts:
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
    """What a look at the names in some segments tells."""

    vocabulary: Vocabulary
    nesting: structure.Nesting
    elements_most: int
    value_bytes_most: int


class SegmentReader:
    """Reads segments by ClickHouse's own protobuf reader."""

    def __init__(self, store: Store, cuts: Cuts) -> None:
        self._store = store
        self._cuts = cuts

    def contents(self, path: str) -> Contents:
        """Look at the names in segments; `path` may be a pattern of several."""
        (row,) = self._store.query(vocabulary_statement(), {"path": path, "structure": structure.VOCABULARY})
        named = (frozenset(map(str, row[name])) for name in ("attributes", "events", "scopes"))
        return Contents(
            vocabulary=Vocabulary(*named).known_to(table()),
            nesting="deep" if row["has_deep"] else "arrays" if row["has_arrays"] else "flat",
            elements_most=row["elements_most"],
            value_bytes_most=row["value_bytes_most"],
        )

    def insert(self, folder: Path, segments: Sequence[Segment]) -> None:
        """Insert all of segments of one signal and day in one statement, as one part."""
        names = ",".join(segment.file_name for segment in segments)
        pattern = f"{folder}/{{{names}}}" if len(segments) > 1 else f"{folder}/{names}"
        sql, parameters = self._statement(pattern, segments[0].day, segments[0].signal)
        self._store.command(sql, parameters)

    def rehearse(self, path: Path, signal: Signal = Signal.TRACES) -> None:
        """Do all that `insert` does but the writing, to learn whether the data is refused."""
        sql, parameters = self._statement(str(path), date(1970, 1, 1), signal)
        into = f"INSERT INTO {TABLES[signal]}"
        self._store.command(sql.replace(into, f"{into}_rehearsed", 1), parameters)

    def _statement(self, path: str, day: date, signal: Signal) -> tuple[str, dict[str, object]]:
        if signal is Signal.LOGS:
            return logs_statement(), {
                "path": path,
                "structure": structure.logs(),
                "day": day.isoformat(),
                "attributes_max": self._cuts.attributes_max,
                "value_bytes_max": self._cuts.value_bytes_max,
            }
        return self._traces_statement(path, day)

    def _traces_statement(self, path: str, day: date) -> tuple[str, dict[str, object]]:
        contents = self.contents(path)
        cut = (
            contents.elements_most > self._cuts.attributes_max
            or contents.value_bytes_most > self._cuts.value_bytes_max
        )
        parameters: dict[str, object] = {
            "path": path,
            "structure": structure.traces(contents.nesting),
            "day": day.isoformat(),
        }
        if cut:
            parameters["attributes_max"] = self._cuts.attributes_max
            parameters["value_bytes_max"] = self._cuts.value_bytes_max
        return load_statement(contents.vocabulary, contents.nesting, cut=cut), parameters
