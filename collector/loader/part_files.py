"""Whether the files of a part that nothing counts are whole: without one of them it does not open again.

chDB goes on after a failed write, so any of them may end, or begin, where a write began: found by
failing each write of a load (tests/faults/test_02_syscalls.py). A version that is not known is taken
for whole.
"""

import re
from collections.abc import Callable, Mapping
from struct import Struct

# A compressed block: a hash of 16 bytes, then how it is compressed, its bytes from here on, and before.
_BLOCK = Struct("<BII")
_HASH_BYTES = 16


def is_whole(name: str, data: bytes) -> bool:
    r"""Say whether a file ends where it should.

    Examples
    --------
    >>> is_whole("columns.txt", b"columns format version: 1\n2 columns:\n`a` String\n`b` Date\n")
    True
    >>> is_whole("columns.txt", b"columns format version: 1\n2 columns:\n`a` String\n")
    False
    """
    return bool(data) and UNCOUNTED[name](data)


def _columns(data: bytes) -> bool:
    version, text = _after_version(data, b"columns format version: ")
    number, lines = _column_number(text)
    return version not in {0, 1} or (version == 1 and _is_lines(lines, number))


def _substreams(data: bytes) -> bool:
    version, text = _after_version(data, b"columns substreams version: ")
    number, lines = _column_number(text)
    counts = [int(count) for count in re.findall(rb"^(\d+) substreams for column", lines, re.MULTILINE)]
    return version not in {0, 1} or (
        version == 1 and len(counts) == number and _is_lines(lines, number + sum(counts))
    )


def _checksums(data: bytes) -> bool:
    version, blocks = _after_version(data, b"checksums format version: ")
    offset = 0
    while version == 4 and offset + _HASH_BYTES + _BLOCK.size <= len(blocks):
        _, size, _ = _BLOCK.unpack_from(blocks, offset + _HASH_BYTES)
        offset += _HASH_BYTES + size
    return version not in {0, 4} or (version == 4 and offset == len(blocks) > 0)


def _after_version(data: bytes, words: bytes) -> tuple[int, bytes]:
    """Return the version that a file says it has, and what follows; 0 where its beginning is missing."""
    found = re.match(re.escape(words) + rb"(\d+)\n", data)
    return (int(found[1]), data[found.end() :]) if found else (0, b"")


def _column_number(text: bytes) -> tuple[int, bytes]:
    number, _, lines = text.partition(b" columns:\n")
    return (int(number), lines) if number.isdigit() else (-1, lines)


def _is_lines(data: bytes, number: int) -> bool:
    return data.endswith(b"\n") and data.count(b"\n") == number


UNCOUNTED: Mapping[str, Callable[[bytes], bool]] = {
    "checksums.txt": _checksums,
    "columns.txt": _columns,
    "columns_substreams.txt": _substreams,
    "default_compression_codec.txt": lambda data: data.startswith(b"CODEC(") and data.endswith(b")"),
    "metadata_version.txt": bytes.isdigit,
}
