import gzip
import zlib
from collections.abc import Callable

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import DecodeError, TooLarge
from collector.receiver.inflate import inflate

BYTES_MAX = 1_000


@given(st.binary(max_size=BYTES_MAX))
def test_what_was_compressed_comes_back(content: bytes) -> None:
    assert inflate(gzip.compress(content), "gzip", BYTES_MAX) == content
    assert inflate(zlib.compress(content), "deflate", BYTES_MAX) == content
    assert inflate(zstd.compress(content), "zstd", BYTES_MAX) == content


@pytest.mark.parametrize(("content_encoding", "compress"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
def test_several_members_are_read_to_the_end(
    content_encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    assert inflate(compress(b"one ") + compress(b"two"), content_encoding, BYTES_MAX) == b"one two"


def test_what_go_compresses_best_is_read_and_what_takes_more_memory_is_not() -> None:
    with_window = {
        bits: zstd.compress(bytes(1 << bits) + b"1", options={zstd.CompressionParameter.window_log: bits})
        for bits in (25, 26)
    }

    assert len(inflate(with_window[25], "zstd", 1 << 26)) == (1 << 25) + 1
    with pytest.raises(DecodeError, match="too much memory"):
        inflate(with_window[26], "zstd", 1 << 27)


def test_the_bound_is_the_last_size_taken() -> None:
    assert len(inflate(gzip.compress(bytes(BYTES_MAX)), "gzip", BYTES_MAX)) == BYTES_MAX
    with pytest.raises(TooLarge):
        inflate(gzip.compress(bytes(BYTES_MAX + 1)), "gzip", BYTES_MAX)
    with pytest.raises(TooLarge):
        inflate(gzip.compress(bytes(600)) * 2, "gzip", BYTES_MAX)
    assert len(inflate(zstd.compress(bytes(BYTES_MAX)), "zstd", BYTES_MAX)) == BYTES_MAX
    with pytest.raises(TooLarge):
        inflate(zstd.compress(bytes(BYTES_MAX + 1)), "zstd", BYTES_MAX)


@pytest.mark.parametrize(
    ("body", "content_encoding"),
    [
        pytest.param(b"", "gzip", id="nothing"),
        pytest.param(b"plain text", "gzip", id="not gzip"),
        pytest.param(b"plain text", "zstd", id="not zstd"),
        pytest.param(zstd.compress(b"content")[:-1], "zstd", id="cut-off zstd"),
        pytest.param(gzip.compress(b"content")[:-1], "gzip", id="cut off"),
        pytest.param(gzip.compress(b"content") + b"more", "gzip", id="more behind it"),
        pytest.param(gzip.compress(b"") * 17, "gzip", id="17 members"),
        pytest.param(gzip.compress(b"content"), "deflate", id="gzip called deflate"),
        pytest.param(gzip.compress(b"content"), "br", id="unknown"),
        pytest.param(gzip.compress(b"content"), "gzip, gzip", id="two encodings"),
    ],
)
def test_what_is_not_of_its_encoding_is_refused(body: bytes, content_encoding: str) -> None:
    with pytest.raises(DecodeError):
        inflate(body, content_encoding, BYTES_MAX)


@given(st.binary(max_size=100), st.sampled_from(["gzip", "deflate", "zstd"]))
def test_any_bytes_are_inflated_or_refused(body: bytes, content_encoding: str) -> None:
    prefixes = {
        "gzip": gzip.compress(b"content")[:10],
        "deflate": b"\x78\x9c",
        "zstd": zstd.compress(b"")[:4],
    }
    for sent in (body, prefixes[content_encoding] + body):
        try:
            assert len(inflate(sent, content_encoding, BYTES_MAX)) <= BYTES_MAX
        except (DecodeError, TooLarge):
            continue
