import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import DecodeError, TooLarge
from collector.receiver.inflate import inflate

BYTES_MAX = 1_000


@given(st.binary(max_size=BYTES_MAX))
def test_what_was_compressed_comes_back(content: bytes) -> None:
    assert inflate(gzip.compress(content), "gzip", BYTES_MAX) == content
    assert inflate(zlib.compress(content), "deflate", BYTES_MAX) == content


def test_gzip_of_several_members_is_read_to_the_end() -> None:
    assert inflate(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", BYTES_MAX) == b"one two"


def test_the_bound_is_the_last_size_taken() -> None:
    assert len(inflate(gzip.compress(bytes(BYTES_MAX)), "gzip", BYTES_MAX)) == BYTES_MAX
    with pytest.raises(TooLarge):
        inflate(gzip.compress(bytes(BYTES_MAX + 1)), "gzip", BYTES_MAX)
    with pytest.raises(TooLarge):
        inflate(gzip.compress(bytes(600)) * 2, "gzip", BYTES_MAX)


@pytest.mark.parametrize(
    ("body", "content_encoding"),
    [
        pytest.param(b"", "gzip", id="nothing"),
        pytest.param(b"plain text", "gzip", id="not gzip"),
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


@given(st.binary(max_size=100), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_inflated_or_refused(body: bytes, content_encoding: str) -> None:
    prefix = gzip.compress(b"content")[:10] if content_encoding == "gzip" else b"\x78\x9c"
    for sent in (body, prefix + body):
        try:
            assert len(inflate(sent, content_encoding, BYTES_MAX)) <= BYTES_MAX
        except (DecodeError, TooLarge):
            continue
