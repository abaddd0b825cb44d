"""What lies in `quarantine/`: bytes that were acknowledged and are not stored, each beside its reason.

A name carries how many spans or log records that is, as a segment's does, so they can be counted as
long as the reason is kept; the bytes may go.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from collector.journal.durable import sync_folder, write_file
from collector.journal.segment import Segment
from collector.otlp.signal import Signal

_REASON = ".reason"
_NAME = re.compile(r"(?P<signal>traces|logs)-(?P<segment>[0-9a-f]{32})-(?P<offset>[0-9]+)-(?P<spans>[0-9]+)")


@dataclass(frozen=True)
class Quarantined:
    """One piece of a segment.

    Attributes
    ----------
    segment
        Id of the segment it was in.
    offset
        Where it began in there, in bytes.
    spans
        How many spans or log records it holds; 0 where nobody knows.
    """

    signal: Signal
    segment: str
    offset: int
    spans: int

    @classmethod
    def of(cls, segment: Segment, offset: int, spans: int) -> "Quarantined":
        """Describe a piece of `segment`."""
        return cls(segment.signal, segment.id, offset, spans)

    @property
    def name(self) -> str:
        return f"{self.signal}-{self.segment}-{self.offset}-{self.spans}"


def set_aside(folder: Path, what: Quarantined, data: bytes, kind: str, reason: str) -> None:
    """Keep a piece of a segment durably; done again, it changes nothing.

    Parameters
    ----------
    kind
        `pb`: `data` is a request as it came; `otlp`: bytes of the journal.
    """
    write_file(folder / f"{what.name}.{kind}", data)
    write_file(folder / f"{what.name}{_REASON}", reason.encode())
    sync_folder(folder)


def quarantined(folder: Path) -> list[Quarantined]:
    """Return what was set aside."""
    matches = (_NAME.fullmatch(path.stem) for path in folder.glob(f"*{_REASON}"))
    return [
        Quarantined(Signal(match["signal"]), match["segment"], int(match["offset"]), int(match["spans"]))
        for match in matches
        if match is not None
    ]
