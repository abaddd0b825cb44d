"""Scenario 5: flipped bits and cut tails in journal files: whatever happens, each byte is accounted for."""

import random
from pathlib import Path

from collector.journal.record import frame, records
from collector.journal.recovery import recover
from collector.journal.segment import Folders, Segment, segments
from collector.journal.segment_id import SegmentIds
from tests.builders import span
from tests.collector.otlp.builders import body
from tests.faults.size import SEED, note, sized
from tests.segments import seal

TRIALS = sized(50, 1000)
REQUESTS = 20


def left_open(folders: Folders, data: bytes) -> None:
    template = seal(folders, [body(span())])
    (folders.sealed / template.file_name).unlink()
    segment = Segment("traces", SegmentIds().next(), template.day)
    (folders.open / segment.file_name).write_bytes(data)


def journal_of(chance: random.Random) -> tuple[bytes, list[int]]:
    """Records, and where each ends."""
    frames = [
        frame(body(*(span(attributes={"text": "x" * chance.randrange(600)}) for _ in range(3))), "p", n)
        for n in range(REQUESTS)
    ]
    ends = [sum(map(len, frames[: n + 1])) for n in range(REQUESTS)]
    return b"".join(frames), ends


def recovered(folders: Folders) -> tuple[list[int], bytes]:
    """The numbers of the records kept, and the bytes set aside; both folders are emptied."""
    recover(folders)
    kept: list[int] = []
    for segment in segments(folders.sealed):
        path = folders.sealed / segment.file_name
        kept += [record.received_unix_nano for record in records(path.read_bytes())]
        path.unlink()
    aside = b""
    for path in folders.quarantine.iterdir():
        aside += path.read_bytes() if path.suffix == ".damage" else b""
        path.unlink()
    assert segments(folders.open) == []
    return kept, aside


def test_a_flipped_bit_costs_what_it_is_in_and_that_is_set_aside(tmp_path: Path) -> None:
    chance, folders = random.Random(SEED), Folders(tmp_path)
    folders.create()
    for _ in range(TRIALS):
        data, ends = journal_of(chance)
        bit = chance.randrange(len(data) * 8)
        hit = next(number for number, end in enumerate(ends) if bit // 8 < end)
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        left_open(folders, bytes(damaged))

        kept, aside = recovered(folders)

        # where a length is hit nobody knows where the next record begins: the rest is set aside with it
        assert kept in ([n for n in range(REQUESTS) if n != hit], list(range(hit)))
        lost = set(range(REQUESTS)) - set(kept)
        assert len(aside) == sum(ends[n] - (ends[n - 1] if n else 0) for n in lost)
    note("5 flipped bits", f"{TRIALS} bits", crashes=0, unaccounted=0)


def test_a_cut_tail_costs_only_what_was_never_acknowledged(tmp_path: Path) -> None:
    chance, folders = random.Random(SEED), Folders(tmp_path)
    folders.create()
    for _ in range(TRIALS):
        data, ends = journal_of(chance)
        cut = chance.randrange(len(data) + 1)
        left_open(folders, data[:cut])

        kept, aside = recovered(folders)

        assert kept == [number for number, end in enumerate(ends) if end <= cut]
        assert aside == b""
    note("5 cut tails", f"{TRIALS} cuts", crashes=0, lost=0)
