"""The body of an HTTP request, read as it comes and never beyond its bound."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from collector.errors import TooLarge
from collector.receiver.in_flight import Hold
from collector.receiver.inflate import inflate

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

# What is larger, or becomes larger, is decompressed by another thread.
_INLINE_BYTES_MAX = 4096
_INLINE_INFLATED_BYTES_MAX = 1 << 20


class ClientGone(Exception):  # noqa: N818  nobody is left to tell
    pass


class HttpBody:
    """Reads one body.

    Parameters
    ----------
    hold
        Pays for the bytes as they come.
    bytes_max
        Bound before and after decompression.
    s_max
        Seconds in which it has to come: a client that sends no more holds memory, and other clients'
        room.
    """

    def __init__(
        self, receive: Receive, headers: dict[bytes, bytes], hold: Hold, bytes_max: int, s_max: float
    ) -> None:
        self._receive = receive
        self._headers = headers
        self._hold = hold
        self._bytes_max = bytes_max
        self._s_max = s_max

    async def read(self, threads: Executor) -> bytes:
        """Return the body, decompressed.

        Raises
        ------
        TooLarge, DecodeError, Overloaded
            See `inflate` and `Hold`.
        TimeoutError
            It did not come in time.
        ClientGone
            The connection was closed before its end.
        """
        async with asyncio.timeout(self._s_max):
            body = await self._read_sent()
        content_encoding = self._headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
        if content_encoding in {"", "identity", "none"}:
            return body
        inflated = await self._inflate(body, content_encoding, threads)
        self._hold.add(len(inflated))
        return inflated

    async def _inflate(self, body: bytes, content_encoding: str, threads: Executor) -> bytes:
        if len(body) <= _INLINE_BYTES_MAX:
            with suppress(TooLarge):
                return inflate(body, content_encoding, min(self._bytes_max, _INLINE_INFLATED_BYTES_MAX))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, inflate, body, content_encoding, self._bytes_max)

    async def _read_sent(self) -> bytes:
        self._check(int(self._headers.get(b"content-length", b"0")))
        parts, size, more = [], 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            part = message.get("body", b"")
            size += len(part)
            self._check(size)
            self._hold.add(len(part))
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)

    def _check(self, size: int) -> None:
        if size > self._bytes_max:
            raise TooLarge(f"the body is larger than {self._bytes_max} bytes")
