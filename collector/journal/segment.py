"""Segment files: what their names say, and the folders they pass through."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from collector.journal.segment_id import begun
from collector.otlp.signal import Signal

_NAME = re.compile(
    r"(?P<signal>traces|logs)-(?P<id>[0-9a-f]{32})-(?P<day>[0-9]{8})(-(?P<rows>[0-9]+))?\.otlp"
)


@dataclass(frozen=True)
class Segment:
    """One file of the journal.

    Attributes
    ----------
    signal
        What it holds.
    id
        UUIDv7 as 32 hex digits: files sort by the time they were begun.
    day
        Day received, UTC.
    rows
        Spans or log records in it; 0 while it is written, and then the name does not mention them.
    """

    signal: Signal
    id: str
    day: date
    rows: int = 0

    @classmethod
    def parse(cls, name: str) -> "Segment":
        """Read a file's name.

        Raises
        ------
        ValueError
            It is no segment's.

        Examples
        --------
        >>> Segment.parse("traces-0199b5c0aaaa7bbb8cccddddeeeeffff-20261030-512.otlp").rows
        512
        """
        match = _NAME.fullmatch(name)
        if match is None:
            raise ValueError(f"{name} is not a segment's name")
        day = date.fromisoformat(match["day"])
        return cls(Signal(match["signal"]), match["id"], day, int(match["rows"] or 0))

    @property
    def begun(self) -> datetime:
        """When it was begun."""
        return begun(self.id)

    @property
    def file_name(self) -> str:
        rows = f"-{self.rows}" if self.rows else ""
        return f"{self.signal}-{self.id}-{self.day:%Y%m%d}{rows}.otlp"


@dataclass(frozen=True)
class Folders:
    """Where segments are: `open` while written, `sealed` until loaded, `archive` after that.

    What is no record, or no data that the store takes, is in `quarantine`.
    """

    data_dir: Path

    @property
    def open(self) -> Path:
        return self.data_dir / "journal" / "open"

    @property
    def sealed(self) -> Path:
        return self.data_dir / "journal" / "sealed"

    @property
    def archive(self) -> Path:
        return self.data_dir / "journal" / "archive"

    @property
    def quarantine(self) -> Path:
        return self.data_dir / "quarantine"

    def create(self) -> None:
        """Make what is missing, for the service's user alone."""
        journal = self.open.parent
        for folder in (self.data_dir, journal, self.open, self.sealed, self.archive, self.quarantine):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def segments(folder: Path) -> list[Segment]:
    """Return the segments in a folder, oldest first; other files are none of ours."""
    found = []
    for path in folder.iterdir():
        try:
            found.append(Segment.parse(path.name))
        except ValueError:
            continue
    return sorted(found, key=lambda segment: segment.id)
