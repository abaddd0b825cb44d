"""Erasing from quarantine: of each piece the traces that are meant, of damage all that has them in it."""

from collections.abc import Set as AbstractSet
from pathlib import Path

from google.protobuf.message import DecodeError

from collector.deletion.named import encodings, is_named
from collector.deletion.subject import Subject
from collector.errors import DamagedRecord
from collector.journal.quarantined import Quarantined, erase_piece, pieces, replace_piece
from collector.journal.record import records
from collector.loader.without import traces_naming, without
from collector.otlp.signal import Signal


def erase_from_quarantine(folder: Path, subject: Subject, traces: AbstractSet[bytes]) -> int:
    """Take a subject's traces out of what was set aside, and return how many pieces that changed.

    Parameters
    ----------
    traces
        Ids of those that are in the store; those that a piece says to be the subject's go too.
    """
    return sum(_erase_from(piece, subject, traces) for piece in pieces(folder))


def _erase_from(piece: Path, subject: Subject, traces: AbstractSet[bytes]) -> bool:
    data, signal = piece.read_bytes(), Quarantined.parse(piece.stem).signal
    try:
        rest, removed = _rest(data, signal, subject, traces)
    except (DamagedRecord, DecodeError):
        # nobody can read it, so nobody can say what else is in it
        rest, removed = b"", _has(data, [*encodings(subject), *traces])
    if rest and removed:
        replace_piece(piece, rest)
    elif removed:
        erase_piece(piece)
    return bool(removed)


def _rest(data: bytes, signal: Signal, subject: Subject, traces: AbstractSet[bytes]) -> tuple[bytes, int]:
    own = set(traces)
    for record in records(data):
        if record.project == subject.project:
            own |= traces_naming(record, signal, lambda attribute: is_named(attribute, subject))
    return without(data, signal, lambda project, trace: project == subject.project and trace in own)


def _has(data: bytes, parts: list[bytes]) -> bool:
    return any(part in data for part in parts)
