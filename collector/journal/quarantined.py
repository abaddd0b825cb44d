"""What lies in `quarantine/`: bytes that were acknowledged and are not stored, each beside its reason.

A name carries how many spans or log records that is, as a segment's does, so they can be counted as
long as the reason is kept; the bytes may go.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from collector.journal.durable import replace_file, sync_folder, write_file
from collector.journal.segment import Segment
from collector.otlp.signal import Signal

# A refused request as its record in the journal; a segment that could not be loaded, whole; bytes
# of the journal that are no record.
Kind = Literal["record", "segment", "damage"]

_REASON = ".reason"
_PROJECT_LINE = re.compile(rb"project .*\n")
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

    @classmethod
    def parse(cls, stem: str) -> "Quarantined":
        """Read a file's name without its suffix.

        Raises
        ------
        ValueError
            It is no piece's.
        """
        match = _NAME.fullmatch(stem)
        if match is None:
            raise ValueError(f"{stem} is not the name of something in quarantine")
        return cls(Signal(match["signal"]), match["segment"], int(match["offset"]), int(match["spans"]))

    @property
    def name(self) -> str:
        return f"{self.signal}-{self.segment}-{self.offset}-{self.spans}"


def set_aside(
    folder: Path, what: Quarantined, data: bytes, kind: Kind, reason: str, project: str | None = None
) -> None:
    """Keep a piece of a segment durably; done again, it changes nothing.

    Parameters
    ----------
    project
        Whose request it is; the first line of the reason says so.
    """
    if project is not None:
        reason = f"{_whose(project)}{reason}"
    write_file(folder / f"{what.name}.{kind}", data)
    write_file(folder / f"{what.name}{_REASON}", reason.encode())
    sync_folder(folder)


def let_go(piece: Path) -> None:
    """Remove a piece and its reason: it is stored now."""
    # in this order: a kill between leaves a piece that is not counted as missing, and can be let go again
    piece.with_suffix(_REASON).unlink(missing_ok=True)
    piece.unlink()
    sync_folder(piece.parent)


def erase_piece(piece: Path) -> None:
    """Delete the bytes of a piece and what its reason quotes of them; that it was is still counted."""
    _reason_anew(piece, b"erased\n")
    piece.unlink()
    sync_folder(piece.parent)


def replace_piece(piece: Path, rest: bytes) -> None:
    """Leave some of a piece's bytes, and nothing of what its reason quotes."""
    _reason_anew(piece, b"some of it was erased\n")
    replace_file(piece, rest)
    sync_folder(piece.parent)


def pieces(folder: Path) -> list[Path]:
    """Return the files with bytes that were set aside; others are none of ours."""
    kinds = {f".{kind}" for kind in get_args(Kind)}
    return [path for path in folder.iterdir() if path.suffix in kinds and _NAME.fullmatch(path.stem)]


def _reason_anew(piece: Path, text: bytes) -> None:
    """Write what is left of a reason; where there is none, the piece is stored and was being let go."""
    reason = piece.with_suffix(_REASON)
    if reason.exists():
        whose = _PROJECT_LINE.match(reason.read_bytes())
        write_file(reason, (whose[0] if whose else b"") + text)


def quarantined(folder: Path, project: str | None = None) -> list[Quarantined]:
    """Return what was set aside, of all or as single requests of one project."""
    reasons: Iterable[Path] = folder.glob(f"*{_REASON}")
    if project is not None:
        whose = _whose(project).encode()
        reasons = (path for path in reasons if _begins_with(path, whose))
    stems = (path.stem for path in reasons)
    return [Quarantined.parse(stem) for stem in stems if _NAME.fullmatch(stem)]


def _whose(project: str) -> str:
    return f"project {project}\n"


def _begins_with(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start
