"""What lies in `quarantine/`: bytes that were acknowledged and are not stored, each beside its reason.

A name carries how many spans or log records that is, as a segment's does, so they can be counted as
long as the reason is kept; the bytes may go.
"""

import re
from collections.abc import Iterable
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


def set_aside(
    folder: Path, what: Quarantined, data: bytes, kind: str, reason: str, project: str | None = None
) -> None:
    """Keep a piece of a segment durably; done again, it changes nothing.

    Parameters
    ----------
    kind
        `pb`: `data` is a request as it came; `otlp`: bytes of the journal.
    project
        Whose request it is; the first line of the reason says so.
    """
    if project is not None:
        reason = f"{_whose(project)}{reason}"
    write_file(folder / f"{what.name}.{kind}", data)
    write_file(folder / f"{what.name}{_REASON}", reason.encode())
    sync_folder(folder)


def quarantined(folder: Path, project: str | None = None) -> list[Quarantined]:
    """Return what was set aside, of all or as single requests of one project."""
    reasons: Iterable[Path] = folder.glob(f"*{_REASON}")
    if project is not None:
        whose = _whose(project).encode()
        reasons = (path for path in reasons if _begins_with(path, whose))
    matches = (_NAME.fullmatch(path.stem) for path in reasons)
    return [
        Quarantined(Signal(match["signal"]), match["segment"], int(match["offset"]), int(match["spans"]))
        for match in matches
        if match is not None
    ]


def _whose(project: str) -> str:
    return f"project {project}\n"


def _begins_with(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start
