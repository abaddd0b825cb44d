"""Content encodings: the bytes that a body was compressed from."""

import sys
import zlib
from collections.abc import Callable
from functools import partial
from typing import Protocol

from collector.errors import DecodeError, TooLarge

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

# Each member's end copies what is left, so their number is bounded. Compressors write one.
_MEMBERS_MAX = 16

# The memory that a zstd frame may ask for, as a power of two. RFC 9659 has senders stay at 8 MiB; the
# best level of Go's encoder, which the OpenTelemetry Collector uses, takes 32 MiB.
_ZSTD_WINDOW_BITS_MAX = 25


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


# What zlib wants to be told: 16 more than the window for gzip's header, the window alone for zlib's.
_DECOMPRESSORS: dict[str, Callable[[], _Decompressor]] = {
    "gzip": partial(zlib.decompressobj, 31),
    "deflate": partial(zlib.decompressobj, 15),
    "zstd": partial(ZstdDecompressor, options={DecompressionParameter.window_log_max: _ZSTD_WINDOW_BITS_MAX}),
}


def inflate(body: bytes, content_encoding: str, bytes_max: int) -> bytes:
    """Return the body as it was before `content_encoding`.

    Stops at `bytes_max`: a gigabyte of zeros is one megabyte of gzip, and 30 kilobytes of zstd.

    Raises
    ------
    DecodeError
        Not of that encoding, cut off, or the encoding is unknown.
    TooLarge
        It would be more than `bytes_max`.
    """
    if content_encoding not in _DECOMPRESSORS:
        raise DecodeError(f"content encoding {content_encoding!r}: none, gzip, deflate and zstd are taken")
    inflated = b""
    for _ in range(_MEMBERS_MAX):
        stream = _DECOMPRESSORS[content_encoding]()
        try:
            inflated += stream.decompress(body, bytes_max + 1 - len(inflated))
        except (zlib.error, ZstdError) as error:
            raise DecodeError(f"the body is not {content_encoding}: {error}") from error
        if len(inflated) > bytes_max:
            raise TooLarge(f"the body is larger than {bytes_max} bytes when it is decompressed")
        if not stream.eof:
            raise DecodeError(f"the {content_encoding} body is cut off")
        body = stream.unused_data
        if not body:
            return inflated
    raise DecodeError(f"the {content_encoding} body has more than {_MEMBERS_MAX} parts")
