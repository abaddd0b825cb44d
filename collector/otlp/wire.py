"""The protobuf wire format: varints, and the fields of a message one by one."""

from collections.abc import Iterator

from collector.errors import DecodeError

_VARINT, _FIXED64, _LENGTH_DELIMITED, _FIXED32 = 0, 1, 2, 5
_VARINT_BITS_MAX = 70


def varint(value: int) -> bytes:
    """Encode a number that is not negative.

    Examples
    --------
    >>> varint(300).hex()
    'ac02'
    """
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def read_varint(data: bytes, offset: int, end: int) -> tuple[int, int]:
    """Return the number at `offset` and the offset behind it.

    Raises
    ------
    IndexError
        `end` comes before the number does.
    DecodeError
        It is longer than any varint.

    Examples
    --------
    >>> read_varint(bytes.fromhex("ac02"), 0, 2)
    (300, 2)
    """
    value = shift = 0
    while offset < end:
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
        shift += 7
        if shift == _VARINT_BITS_MAX:
            raise DecodeError("a varint is longer than 10 bytes")
    raise IndexError(offset)


def length_delimited(number: int) -> int:
    """Return the tag of a field that holds bytes, text or a message."""
    return number << 3 | _LENGTH_DELIMITED


def fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Walk one message: yield each field's tag and where its value starts and ends.

    Raises
    ------
    DecodeError
        This is not a message. Groups are none either: OTLP has no such field.
    """
    offset = start
    try:
        while offset < end:
            # numbers below 128 are one byte, and nearly all are: read_varint costs a call
            tag = data[offset]
            offset += 1
            if tag > 0x7F:
                tag, offset = read_varint(data, offset - 1, end)
            if tag & 7 == _LENGTH_DELIMITED:
                length = data[offset]
                value = offset + 1
                if length > 0x7F:
                    length, value = read_varint(data, offset, end)
                offset = value + length
            else:
                value, offset = offset, _skip(data, tag & 7, offset, end)
            if offset > end:
                raise DecodeError("a field is longer than its message")
            yield tag, value, offset
    except IndexError:
        raise DecodeError("a message ends inside a field") from None


def _skip(data: bytes, wire_type: int, offset: int, end: int) -> int:
    if wire_type == _VARINT:
        return read_varint(data, offset, end)[1]
    if wire_type == _FIXED64:
        return offset + 8
    if wire_type == _FIXED32:
        return offset + 4
    raise DecodeError(f"wire type {wire_type} does not occur in OTLP")
