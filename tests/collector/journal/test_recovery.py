import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.journal.examination import examine
from collector.journal.record import frame, records
from collector.journal.recovery import recover
from collector.journal.segment import Folders, Segment, segments
from collector.journal.segment_id import SegmentIds
from tests.builders import span
from tests.collector.otlp.builders import body

FRAMES = [
    frame(body(*(span(f"span {number}") for _ in range(number))), "default", number) for number in (1, 2, 3)
]
WHOLE = b"".join(FRAMES)
TWO, THREE = len(FRAMES[0]), len(FRAMES[0]) + len(FRAMES[1])


def flip(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :]


def left_open(folders: Folders, data: bytes) -> Segment:
    """What a killed process leaves."""
    segment = Segment("traces", SegmentIds().next(), date(2026, 10, 30))
    (folders.open / segment.file_name).write_bytes(data)
    return segment


def quarantined(folders: Folders) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folders.quarantine.glob("*.damage"))]


def test_a_sound_segment_is_sealed_with_its_spans_counted(folders: Folders) -> None:
    segment = left_open(folders, WHOLE)

    sealed = recover(folders)

    assert [(each.id, each.day, each.rows) for each in sealed] == [(segment.id, segment.day, 6)]
    assert (folders.sealed / sealed[0].file_name).read_bytes() == WHOLE
    assert segments(folders.open) == []


@pytest.mark.parametrize("data", [b"", FRAMES[0][:-1]], ids=["empty", "one torn record"])
def test_a_segment_without_a_whole_record_is_removed(folders: Folders, data: bytes) -> None:
    left_open(folders, data)

    assert recover(folders) == []
    assert list(folders.open.iterdir()) == list(folders.sealed.iterdir()) == []


@pytest.mark.parametrize("torn", [1, 5, len(FRAMES[2]) - 1])
def test_a_torn_tail_is_cut_and_not_kept(folders: Folders, torn: int) -> None:
    left_open(folders, WHOLE[: THREE + torn])

    (sealed,) = recover(folders)

    assert (folders.sealed / sealed.file_name).read_bytes() == WHOLE[:THREE]
    assert sealed.rows == 3
    assert quarantined(folders) == []


def test_a_bad_record_goes_to_the_quarantine_and_its_neighbours_stay(folders: Folders) -> None:
    damaged = flip(WHOLE, TWO + 20)
    segment = left_open(folders, damaged)

    (sealed,) = recover(folders)

    assert (folders.sealed / sealed.file_name).read_bytes() == FRAMES[0] + FRAMES[2]
    assert sealed.rows == 4
    assert quarantined(folders) == [damaged[TWO:THREE]]
    (reason,) = folders.quarantine.glob("*.reason")
    assert f"{len(FRAMES[1])} bytes from byte {TWO} of {segment.file_name}" in reason.read_text()


def test_several_bad_records_in_a_row_are_one_piece_of_damage(folders: Folders) -> None:
    damaged = flip(flip(WHOLE, 20), TWO + 20)
    left_open(folders, damaged)

    (sealed,) = recover(folders)

    assert sealed.rows == 3
    assert quarantined(folders) == [damaged[:THREE]]


def test_where_a_length_is_damaged_the_rest_is_quarantined_and_not_lost(folders: Folders) -> None:
    damaged = WHOLE[:TWO] + b"\xff\xff\x03" + WHOLE[TWO + 2 :]
    left_open(folders, damaged)

    (sealed,) = recover(folders)

    assert sealed.rows == 1
    assert quarantined(folders) == [damaged[TWO:]]


def test_a_damaged_last_record_is_not_taken_for_a_torn_tail(folders: Folders) -> None:
    left_open(folders, flip(WHOLE, len(WHOLE) - 30))

    (sealed,) = recover(folders)

    assert sealed.rows == 3
    assert len(quarantined(folders)) == 1


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1], lambda data: flip(data, 20)], ids=["torn", "damaged"]
)
def test_what_a_client_sent_is_never_read_as_a_record_of_its_own(harm: Callable[[bytes], bytes]) -> None:
    smuggled = frame(body(span("smuggled")), "another project", 1)
    carrier = frame(body(span("carrier", {"payload": smuggled})), "default", 2)
    assert smuggled in carrier

    examination = examine(FRAMES[0] + harm(carrier))

    assert [record.project for record in examination.sound] == ["default"]
    assert [len(each) for each in examination.damaged] == [len(harm(carrier))]


def test_recovery_that_was_killed_is_done_again(folders: Folders) -> None:
    left_open(folders, WHOLE)
    (folders.open / "traces-half.rewritten").write_bytes(b"half")

    assert [each.rows for each in recover(folders)] == [6]
    assert list(folders.open.iterdir()) == []


def test_whichever_bit_flips_every_byte_is_kept_or_quarantined() -> None:
    for bit in range(len(WHOLE) * 8):
        damaged = bytearray(WHOLE)
        damaged[bit // 8] ^= 1 << bit % 8

        examination = examine(bytes(damaged))

        kept = [range(record.offset, record.end) for record in examination.sound]
        covered = sorted((each.start, each.stop) for each in kept + examination.damaged)
        assert examination.torn_at is None, bit
        assert covered[0][0] == 0, bit
        assert covered[-1][1] == len(WHOLE), bit
        assert all(before[1] == after[0] for before, after in itertools.pairwise(covered)), bit
        assert len(examination.damaged) == 1, bit


@pytest.mark.parametrize("step", [-2, -1, 1, 2])
def test_a_length_that_is_off_makes_no_record_of_what_a_client_sent(step: int) -> None:
    smuggled = frame(body(span("smuggled")), "another project", 1)
    carrier = frame(body(span("carrier", {"payload": smuggled})), "default", 2)
    assert carrier[0] >= 0x80  # a length of two bytes: the first is its low seven bits
    wrong = bytes([0x80 | (carrier[0] + step) & 0x7F]) + carrier[1:]

    examination = examine(FRAMES[0] + wrong + FRAMES[1])

    assert [record.project for record in examination.sound] == ["default"]
    assert examination.damaged == [range(TWO, TWO + len(wrong) + len(FRAMES[1]))]


@given(st.integers(min_value=0, max_value=len(WHOLE)))
def test_wherever_it_is_cut_all_whole_records_stay(cut: int) -> None:
    examination = examine(WHOLE[:cut])

    whole = [end for end in (TWO, THREE, len(WHOLE)) if end <= cut]
    assert [record.end for record in examination.sound] == whole
    assert examination.damaged == []
    assert examination.torn_at == (None if cut in {0, *whole} else max(whole, default=0))


def test_the_sealed_file_reads_as_records(folders: Folders, tmp_path: Path) -> None:
    left_open(folders, flip(WHOLE, TWO + 20))

    (sealed,) = recover(folders)

    read = records((folders.sealed / sealed.file_name).read_bytes())
    assert [record.received_unix_nano for record in read] == [1, 3]
