"""One HTTP connection: uvicorn's, with bounds for the head of a request and for its time."""

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from collector.receiver.http_answer import failure
from collector.receiver.http_crowd import Crowd

_HEAD_BYTES_MAX = 16 * 1024


class HttpConnection(HttpToolsProtocol):
    """Tells the crowd how far it is, and answers what is no HTTP as every other error is answered."""

    def __init__(self, crowd: Crowd, *uvicorn_s: Any) -> None:
        super().__init__(*uvicorn_s)
        self._crowd = crowd
        self._in_head = False
        # of it alone, and of the reads that did not end it
        self._head_bytes = self._unfinished_bytes = 0

    @property
    def has_head(self) -> bool:
        """Whether the application has a request that it has not answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def drop(self) -> None:
        """Close it without waiting for the other side."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's
        super().connection_made(transport)
        self._crowd.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        super().data_received(data)
        if was_in_head and self._in_head and not self.transport.is_closing():
            self._unfinished_bytes += len(data)
            if self._unfinished_bytes > _HEAD_BYTES_MAX:
                self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes, self._unfinished_bytes = True, 0, 0
        self._crowd.incomplete(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > _HEAD_BYTES_MAX or not self._in_head:
            raise ValueError("too many headers, or some behind the body")  # the parser's own error then
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head_bytes += len(self.url)
        if self._head_bytes > _HEAD_BYTES_MAX:
            raise ValueError("the head is too large")
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._crowd.whole(self)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._crowd.idle(self)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's words, which name no reason
        """Refuse what is no HTTP, or has too long a head; who sent it said nothing of an encoding."""
        if max(self._head_bytes, self._unfinished_bytes) > _HEAD_BYTES_MAX:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            answer = failure(status, f"the head is larger than {_HEAD_BYTES_MAX} bytes", "json")
        else:
            answer = failure(HTTPStatus.BAD_REQUEST, "the request is not HTTP/1.1, or has trailers", "json")
        self.transport.write(answer.last_words())
        self.transport.close()
