"""Content encodings: the bytes that a body was compressed from."""

import zlib

from collector.errors import DecodeError, TooLarge

# What zlib wants to be told: 16 more than the window for gzip's header, the window alone for zlib's.
_WINDOW_BITS = {"gzip": 31, "deflate": 15}

# Each member's end copies what is left, so their number is bounded. Compressors write one.
_MEMBERS_MAX = 16


def inflate(body: bytes, content_encoding: str, bytes_max: int) -> bytes:
    """Return the body as it was before `content_encoding`.

    Stops at `bytes_max`: a gigabyte of zeros is one megabyte of gzip.

    Raises
    ------
    DecodeError
        Not of that encoding, cut off, or the encoding is unknown.
    TooLarge
        It would be more than `bytes_max`.
    """
    if content_encoding not in _WINDOW_BITS:
        raise DecodeError(f"content encoding {content_encoding!r}: none, gzip and deflate are taken")
    inflated = b""
    for _ in range(_MEMBERS_MAX):
        stream = zlib.decompressobj(_WINDOW_BITS[content_encoding])
        try:
            inflated += stream.decompress(body, bytes_max + 1 - len(inflated))
        except zlib.error as error:
            raise DecodeError(f"the body is not {content_encoding}: {error}") from error
        if len(inflated) > bytes_max:
            raise TooLarge(f"the body is larger than {bytes_max} bytes when it is decompressed")
        if not stream.eof:
            raise DecodeError(f"the {content_encoding} body is cut off")
        body = stream.unused_data
        if not body:
            return inflated
    raise DecodeError(f"the {content_encoding} body has more than {_MEMBERS_MAX} parts")
