"""Whether the files of a part that nothing counts are whole: without one of them it does not open again.

chDB goes on after a failed write, so any of them may end where a write began: found by failing each
write of a load (tests/faults/test_02_syscalls.py). A version that is not known is looked at for
emptiness alone.
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
    number, lines = _after_header(data, b"columns format version: 1\n")
    return number is None or _is_lines(lines, number)


def _substreams(data: bytes) -> bool:
    number, lines = _after_header(data, b"columns substreams version: 1\n")
    counts = [int(count) for count in re.findall(rb"^(\d+) substreams for column", lines, re.MULTILINE)]
    return number is None or (len(counts) == number and _is_lines(lines, number + sum(counts)))


def _after_header(data: bytes, version: bytes) -> tuple[int | None, bytes]:
    """Return how many columns a file says it has, and what follows; no number where it is another version."""
    if not data.startswith(version[: len(data)]):
        return None, data
    number, _, lines = data.removeprefix(version).partition(b" columns:\n")
    return (int(number), lines) if number.isdigit() else (-1, lines)


def _checksums(data: bytes) -> bool:
    version = b"checksums format version: 4\n"
    if not data.startswith(version[: len(data)]):
        return True
    rest, offset = data.removeprefix(version), 0
    while offset + _HASH_BYTES + _BLOCK.size <= len(rest):
        _, size, _ = _BLOCK.unpack_from(rest, offset + _HASH_BYTES)
        offset += _HASH_BYTES + size
    return offset == len(rest) > 0


def _is_lines(data: bytes, number: int) -> bool:
    return data.endswith(b"\n") and data.count(b"\n") == number


UNCOUNTED: Mapping[str, Callable[[bytes], bool]] = {
    "checksums.txt": _checksums,
    "columns.txt": _columns,
    "columns_substreams.txt": _substreams,
    "default_compression_codec.txt": lambda data: data.startswith(b"CODEC(") and data.endswith(b")"),
    "metadata_version.txt": bytes.isdigit,
}
