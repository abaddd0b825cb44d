import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import DecodeError
from collector.otlp.wire import fields, read_varint, varint
from tests.collector.otlp.builders import field


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_a_varint_reads_back_as_the_number_it_was_written_from(number: int) -> None:
    encoded = varint(number)

    assert read_varint(encoded + b"\xff", 0, len(encoded)) == (number, len(encoded))


def test_a_varint_of_eleven_bytes_is_refused() -> None:
    with pytest.raises(DecodeError):
        read_varint(b"\x80" * 11, 0, 11)


def test_every_wire_type_is_stepped_over() -> None:
    message = b"\x08\x01" + b"\x11" + bytes(8) + field(3, b"abc") + b"\x25" + bytes(4)

    assert [tag for tag, _, _ in fields(message, 0, len(message))] == [0x08, 0x11, 0x1A, 0x25]


@pytest.mark.parametrize(
    "message", [b"\x0a", b"\x0a\x05abc", b"\x11\x00", b"\x08\x80", b"\x0b", b"\xff" * 12]
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(DecodeError):
        list(fields(message, 0, len(message)))


@given(st.binary(max_size=64))
def test_any_bytes_are_walked_or_refused(message: bytes) -> None:
    with contextlib.suppress(DecodeError):
        assert all(start <= end <= len(message) for _, start, end in fields(message, 0, len(message)))
