"""Records: a request's bytes with our fields behind them, so that ClickHouse reads the file as it is.

A record is `varint(length) payload`. A payload is the request, then the fields 1000: project,
1002: time received, and 1001: CRC-32 of the payload before it.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from collector.errors import CorruptRecord, DecodeError, TornTail
from collector.otlp.wire import fields, length_delimited, read_varint, varint

__all__ = ["CorruptRecord", "Record", "TornTail", "frame", "is_intact", "read_record", "records"]

_PROJECT = length_delimited(1000)
_PROJECT_TAG = varint(_PROJECT)
_RECEIVED_TAG = varint(1002 << 3 | 1)
_CRC_TAG = varint(1001 << 3 | 5)

_RECEIVED = Struct(f"<{len(_RECEIVED_TAG)}sQ")
_CRC = Struct(f"<{len(_CRC_TAG)}sI")

# A length that takes more bytes is no length of ours: bodies end at 64 MiB.
_LENGTH_BYTES_MAX = 5


@dataclass(frozen=True)
class Record:
    """One accepted request.

    Attributes
    ----------
    offset, end
        Where it begins in the file, and where the next one does.
    payload
        What the CRC was checked over, and the CRC.
    body
        The ExportTraceServiceRequest.
    received_unix_nano
        When it was received, in nanoseconds since 1970.
    """

    offset: int
    end: int
    payload: bytes
    body: bytes
    project: str
    received_unix_nano: int


def frame(body: bytes, project: str, received_unix_nano: int) -> bytes:
    """Return the record of a request; `body` has no field of its own but 1."""
    name = project.encode()
    ours = b"".join(
        (_PROJECT_TAG, varint(len(name)), name, _RECEIVED.pack(_RECEIVED_TAG, received_unix_nano))
    )
    crc = _CRC.pack(_CRC_TAG, zlib.crc32(ours, zlib.crc32(body)))
    return b"".join((varint(len(body) + len(ours) + len(crc)), body, ours, crc))


def records(data: bytes) -> Iterator[Record]:
    """Read a segment file's records in order.

    Raises
    ------
    TornTail
        The file ends inside a record: the write was never acknowledged.
    CorruptRecord
        A record is not what was written.
    """
    offset = 0
    while offset < len(data):
        record = read_record(data, offset)
        yield record
        offset = record.end


def is_intact(data: bytes) -> bool:
    """Whether a file is whole records whose bytes are those written: 0.3 us a span of 750 bytes.

    That is the time of the CRC; what is in a record is not looked at.
    """
    offset = 0
    try:
        while offset < len(data):
            _, offset = _checked(data, offset)
    except (TornTail, CorruptRecord):
        return False
    return True


def read_record(data: bytes, offset: int) -> Record:
    """Read the record at `offset`. Raises as `records` does."""
    start, end = _checked(data, offset)
    payload = data[start:end]
    try:
        project_start, project_end = _project(payload)
        project = payload[project_start:project_end].decode()
    except (DecodeError, UnicodeDecodeError):
        raise CorruptRecord(offset, end) from None
    body = payload[: project_start - len(_PROJECT_TAG) - len(varint(project_end - project_start))]
    received_unix_nano = _RECEIVED.unpack_from(payload, project_end)[1]
    return Record(offset, end, payload, body, project, received_unix_nano)


def _checked(data: bytes, offset: int) -> tuple[int, int]:
    """Return where the payload at `offset` starts and ends, once its end and its CRC are right."""
    start, end = _extent(data, offset)
    crc_start = end - _CRC.size
    received_start = crc_start - _RECEIVED.size
    if (
        received_start < start
        or not data.startswith(_RECEIVED_TAG, received_start)
        or not data.startswith(_CRC_TAG, crc_start)
    ):
        # the length is not to be believed either: by it, the next step could land inside what a client sent
        raise CorruptRecord(offset, len(data))
    if zlib.crc32(memoryview(data)[start:crc_start]) != _CRC.unpack_from(data, crc_start)[1]:
        raise CorruptRecord(offset, end)
    return start, end


def _extent(data: bytes, offset: int) -> tuple[int, int]:
    try:
        length, start = read_varint(data, offset, min(len(data), offset + _LENGTH_BYTES_MAX))
    except IndexError:
        if len(data) - offset < _LENGTH_BYTES_MAX:
            raise TornTail(offset) from None
        raise CorruptRecord(offset, len(data)) from None
    if length == 0 or start + length > len(data):  # zeros are what a power cut leaves of a grown file
        raise TornTail(offset)
    return start, start + length


def _project(payload: bytes) -> tuple[int, int]:
    """The client's own fields stand before it and are all number 1: see `collector.otlp.decode`."""
    for tag, start, end in fields(payload, 0, len(payload)):
        if tag == _PROJECT and end == len(payload) - _CRC.size - _RECEIVED.size:
            return start, end
    raise DecodeError("a record without a project")
