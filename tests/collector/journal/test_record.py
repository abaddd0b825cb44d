import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import CorruptRecord, TornTail
from collector.journal.record import frame, is_intact, read_record, records
from tests.builders import request, span
from tests.collector.otlp.builders import field

bodies = st.binary(max_size=300).map(lambda content: field(1, content))
projects = st.text(min_size=1, max_size=20)
times = st.integers(min_value=0, max_value=2**64 - 1)


@given(st.lists(st.tuples(bodies, projects, times), max_size=5))
def test_records_read_back_as_they_were_framed(written: list[tuple[bytes, str, int]]) -> None:
    data = b"".join(frame(*each) for each in written)

    read = list(records(data))

    assert [(each.body, each.project, each.received_unix_nano) for each in read] == written
    assert b"".join(data[each.offset : each.end] for each in read) == data
    assert is_intact(data)


def test_a_record_is_the_request_and_our_fields_with_the_crc_last() -> None:
    sent = request(span()).SerializeToString()

    record = read_record(frame(sent, "default", 1_795_453_843_025_000_000), 0)

    ours = b"\xc2\x3e\x07default" + b"\xd1\x3e" + (1_795_453_843_025_000_000).to_bytes(8, "little")
    assert record.payload[:-6] == sent + ours
    assert record.payload[-6:] == b"\xcd\x3e" + zlib.crc32(sent + ours).to_bytes(4, "little")


@given(bodies, st.data())
def test_a_record_that_was_cut_is_a_torn_tail(body: bytes, data: st.DataObject) -> None:
    whole = frame(b"\x0a\x00", "default", 1)
    framed = frame(body, "default", 2)
    cut = data.draw(st.integers(min_value=1, max_value=len(framed) - 1))

    found = records(whole + framed[:cut])

    next(found)
    with pytest.raises(TornTail) as torn:
        next(found)
    assert torn.value.offset == len(whole)


@given(bodies, st.data())
def test_no_flipped_bit_passes_for_a_record(body: bytes, data: st.DataObject) -> None:
    framed = bytearray(frame(body, "default", 2))
    bit = data.draw(st.integers(min_value=0, max_value=len(framed) * 8 - 1))
    framed[bit // 8] ^= 1 << bit % 8

    with pytest.raises((TornTail, CorruptRecord)):
        read_record(bytes(framed), 0)


def test_zeros_are_a_torn_tail() -> None:
    with pytest.raises(TornTail):
        list(records(bytes(100)))


def test_a_client_that_imitates_our_fields_is_read_as_content() -> None:
    imitation = field(1, frame(b"\x0a\x00", "another", 5))

    record = read_record(frame(imitation, "default", 7), 0)

    assert (record.body, record.project, record.received_unix_nano) == (imitation, "default", 7)


def test_a_file_with_any_bit_changed_is_not_intact() -> None:
    whole = frame(request(span()).SerializeToString(), "default", 1) * 2
    for bit in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8

        assert not is_intact(bytes(changed)), bit
