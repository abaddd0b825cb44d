"""What segments contain, and their rows into a table of ours: the statements that read segments' files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collector.conventions import payload_error
from collector.conventions.restrict import Vocabulary
from collector.conventions.table import table
from collector.journal.segment import Segment
from collector.loader import structure
from collector.loader.holdings import damage_told
from collector.loader.statement import (
    Shape,
    contents_statement,
    load_statement,
    logs_statement,
    secrets_statement,
    vocabulary_statement,
)
from collector.loader.table import TABLES
from collector.otlp.signal import Signal
from collector.redaction.expression import gates, parameters
from collector.redaction.rule import Rule, chosen
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


# Texts from here on are stored apart: a reference to one weighs about 50 bytes.
CONTENT_BYTES_MIN = 1024


class SegmentReader:
    """Reads segments by ClickHouse's own protobuf reader."""

    def __init__(self, store: Store, cuts: Cuts, rules: Sequence[Rule] | None = None) -> None:
        self._store = store
        self._cuts = cuts
        self._rules = tuple(chosen() if rules is None else rules)

    def look(self, path: str) -> Shape:
        """Look at the names in segments and at what is large; `path` may be a pattern of several."""
        (row,) = self._store.query(vocabulary_statement(), {"path": path, "structure": structure.VOCABULARY})
        named = (frozenset(map(str, row[name])) for name in ("attributes", "events", "scopes"))
        return Shape(
            vocabulary=Vocabulary(*named).known_to(table()),
            nesting="deep" if row["has_deep"] else "arrays" if row["has_arrays"] else "flat",
            cut=row["elements_most"] > self._cuts.attributes_max
            or row["value_bytes_most"] > self._cuts.value_bytes_max,
            apart=row["value_bytes_most"] >= CONTENT_BYTES_MIN,
            redaction=self._redaction(path),
        )

    def _redaction(self, path: str) -> tuple[Rule, ...]:
        """Return the rules whose gate finds something in segments, and those that have none."""
        gated = [rule for rule in self._rules if rule.gate]
        if not gated:
            return self._rules
        (row,) = self._store.query(secrets_statement(), {"path": path, "redaction_gates": gates(gated)})
        found = {gated[number - 1] for number in row["gates"]}
        return tuple(rule for rule in self._rules if not rule.gate or rule in found)

    def insert(self, folder: Path, segments: Sequence[Segment]) -> None:
        """Insert all of segments of one signal and day, as one part of the signal's table."""
        pattern = _pattern(folder, segments)
        shape = self._shape(pattern, segments[0].signal)
        if shape and shape.apart:
            # before the spans: nobody reads a span whose pieces are not there
            self._insert_pieces(pattern, segments[0].day, shape)
        self._store.command(*self._statement(pattern, segments[0].day, shape))

    def insert_pieces(self, folder: Path, segments: Sequence[Segment]) -> None:
        """Insert the pieces of long texts that segments of one day hold and that are not stored."""
        pattern = _pattern(folder, segments)
        self._insert_pieces(pattern, segments[0].day, self.look(pattern))

    def _insert_pieces(self, path: str, day: date, shape: Shape) -> None:
        # the file was read before: what cannot be read now are the pieces that are stored
        with damage_told():
            self._store.command(
                contents_statement(shape), self._parameters(path, day, structure.TEXTS, shape.redaction)
            )

    def rehearse(self, path: Path, signal: Signal = Signal.TRACES) -> None:
        """Do all that `insert` does but the writing, to learn whether the data is refused."""
        shape = self._shape(str(path), signal)
        sql, parameters = self._statement(str(path), date(1970, 1, 1), shape)
        into = f"INSERT INTO {TABLES[signal]}"
        self._store.command(sql.replace(into, f"{into}_rehearsed", 1), parameters)

    def _shape(self, path: str, signal: Signal) -> Shape | None:
        """Return the shape of segments of traces; None of logs, whose statement bears all."""
        return self.look(path) if signal is Signal.TRACES else None

    def _statement(self, path: str, day: date, shape: Shape | None) -> tuple[str, dict[str, object]]:
        if shape is None:
            rules = self._redaction(path)
            return logs_statement(rules), self._parameters(path, day, structure.logs(), rules)
        columns = structure.traces(shape.nesting)
        return load_statement(shape), self._parameters(path, day, columns, shape.redaction)

    def _parameters(self, path: str, day: date, columns: str, rules: tuple[Rule, ...]) -> dict[str, object]:
        return {
            "path": path,
            "structure": columns,
            "day": day.isoformat(),
            "attributes_max": self._cuts.attributes_max,
            "value_bytes_max": self._cuts.value_bytes_max,
            "content_bytes_min": CONTENT_BYTES_MIN,
            "payload_error": payload_error.PATTERN,
            "denied": payload_error.DENIED,
            "bare_status": payload_error.STATUS,
            "about_http": payload_error.ABOUT_HTTP,
            "beginning_characters": payload_error.BEGINNING_CHARACTERS,
            "beginning_gates": list(payload_error.BEGINNING_GATES),
            "member_gates": list(payload_error.MEMBER_GATES),
            "nothing_in_it": payload_error.NOTHING_IN_IT,
            "redaction_gates": gates(rules),
            **parameters(rules),
        }


def _pattern(folder: Path, segments: Sequence[Segment]) -> str:
    names = ",".join(segment.file_name for segment in segments)
    return f"{folder}/{{{names}}}" if len(segments) > 1 else f"{folder}/{names}"
