"""What is sent to the receiver, and how; and a string of bytes as one such request."""

import gzip
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from backports.zstd import compress as zstd

from collector.otlp.response import Encoding
from collector.otlp.signal import Signal

CONTENT_TYPES: dict[Encoding, str] = {"protobuf": "application/x-protobuf", "json": "application/json"}

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, 1, mtime=0),
    "deflate": lambda body: zlib.compress(body, 1),
    "zstd": lambda body: zstd(body, 1),
}


@dataclass(frozen=True)
class Asked:
    """One request; of `raw` ones, `body` is all that comes over the connection.

    Attributes
    ----------
    compressed
        The content encoding that the headers name; what `body` is of.
    """

    transport: Literal["http", "grpc", "raw"]
    body: bytes
    signal: Signal = Signal.TRACES
    encoding: Encoding = "protobuf"
    compressed: str = ""

    @property
    def kind(self) -> str:
        """By which it is counted."""
        if self.transport == "raw":
            return "http head"
        kind = f"{self.transport} {self.signal} {self.encoding}"
        return f"{kind} {self.compressed}".rstrip()

    @property
    def headers(self) -> dict[str, str]:
        named = {"content-type": CONTENT_TYPES[self.encoding]}
        return named | ({"content-encoding": self.compressed} if self.compressed else {})


def compressing(name: str, encoding: Encoding) -> Callable[[bytes], Asked]:
    return lambda content: Asked("http", COMPRESSORS[name](content), Signal.TRACES, encoding, name)


def claiming(name: str) -> Callable[[bytes], Asked]:
    return lambda content: Asked("http", content, compressed=name)


def plainly(
    transport: Literal["http", "grpc"], signal: Signal, encoding: Encoding
) -> Callable[[bytes], Asked]:
    return lambda content: Asked(transport, content, signal, encoding)


# The order is part of the form of the inputs in failed/: add at the end, and keep 16 of them.
WAYS: Sequence[Callable[[bytes], Asked]] = (
    *(plainly("http", signal, "protobuf") for signal in Signal),
    *(plainly("http", signal, "json") for signal in Signal),
    *(plainly("grpc", signal, "protobuf") for signal in Signal),
    *map(claiming, COMPRESSORS),
    compressing("gzip", "protobuf"),
    compressing("deflate", "json"),
    compressing("zstd", "protobuf"),
    lambda content: Asked("raw", content),
)
RAW = len(WAYS) - 1


def asked(data: bytes) -> Asked:
    """The first byte says which way the others go."""
    return WAYS[data[0] % len(WAYS)](data[1:]) if data else Asked("raw", b"")
