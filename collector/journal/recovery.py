"""What a killed receiver left open: sound records are sealed, damage goes to the quarantine."""

import os
from dataclasses import replace
from pathlib import Path

import structlog

from collector.journal.durable import move, sync_folder, write_file
from collector.journal.examination import Examination, examine
from collector.journal.quarantined import Quarantined, set_aside
from collector.journal.segment import Folders, Segment, segments

log = structlog.get_logger()

_REWRITTEN = ".rewritten"


def recover(folders: Folders) -> list[Segment]:
    """Seal every segment that is open, and return those sealed.

    Safe to be killed at any point: the next call does the rest. Nobody else may write in these
    folders meanwhile.
    """
    for path in folders.open.glob(f"*{_REWRITTEN}"):
        path.unlink()
    recovered = [_recover_segment(folders, segment) for segment in segments(folders.open)]
    return [segment for segment in recovered if segment.rows]


def _recover_segment(folders: Folders, segment: Segment) -> Segment:
    path = folders.open / segment.file_name
    data = path.read_bytes()
    examination = examine(data, segment.signal)
    for damage in examination.damaged:
        # spans of an open segment are counted when it is sealed: these never were
        quarantine_damage(folders, segment, data, damage, spans=0)
    sealed = replace(segment, rows=examination.spans)
    if sealed.rows:
        _drop_all_but_sound(path, data, examination)
        move(path, folders.sealed / sealed.file_name)
    else:
        path.unlink()
        sync_folder(folders.open)
    log.info("segment_recovered", segment=segment.id, spans=sealed.rows, torn_at=examination.torn_at)
    return sealed


def _drop_all_but_sound(path: Path, data: bytes, examination: Examination) -> None:
    if examination.damaged:
        rewritten = path.with_suffix(_REWRITTEN)
        write_file(rewritten, b"".join(data[record.offset : record.end] for record in examination.sound))
        rewritten.rename(path)
        return
    with path.open("rb+") as file:
        # shortening needs no free space, and a full disk may be why the tail is torn
        file.truncate(examination.torn_at if examination.torn_at is not None else len(data))
        os.fsync(file.fileno())


def quarantine_damage(folders: Folders, segment: Segment, data: bytes, damage: range, spans: int) -> None:
    """Set bytes of a segment aside that are no record; `spans` of them were acknowledged, if it is known."""
    reason = (
        f"{len(damage)} bytes from byte {damage.start} of {segment.file_name} are no record: "
        "the disk did not keep what was written. The records around them were kept.\n"
    )
    piece = Quarantined.of(segment, damage.start, spans)
    set_aside(folders.quarantine, piece, data[damage.start : damage.stop], "damage", reason)
    log.error("journal_damaged", segment=segment.id, bytes=len(damage), spans=spans, quarantined=piece.name)
