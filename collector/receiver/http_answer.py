"""HTTP answers of a receiver: success, and a google.rpc.Status for whatever is none."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from google.rpc import code_pb2

from collector.errors import (
    CollectorError,
    Forbidden,
    RateLimited,
    TooLarge,
    TransientError,
    Unauthenticated,
    UnsupportedMediaType,
)
from collector.otlp.response import Encoding, PartialSuccess, export_response, status_response

Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

CLOSE = (b"connection", b"close")

_CONTENT_TYPES: dict[Encoding, bytes] = {"protobuf": b"application/x-protobuf", "json": b"application/json"}

_CODES = {
    HTTPStatus.BAD_REQUEST: code_pb2.INVALID_ARGUMENT,
    HTTPStatus.UNAUTHORIZED: code_pb2.UNAUTHENTICATED,
    HTTPStatus.FORBIDDEN: code_pb2.PERMISSION_DENIED,
    HTTPStatus.NOT_FOUND: code_pb2.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: code_pb2.UNIMPLEMENTED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: code_pb2.RESOURCE_EXHAUSTED,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: code_pb2.INVALID_ARGUMENT,
    HTTPStatus.TOO_MANY_REQUESTS: code_pb2.RESOURCE_EXHAUSTED,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: code_pb2.RESOURCE_EXHAUSTED,
    HTTPStatus.SERVICE_UNAVAILABLE: code_pb2.UNAVAILABLE,
}

_CHALLENGE = ((b"www-authenticate", b"Bearer"),)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: bytes
    headers: Headers = ()

    async def send(self, send: Send) -> None:
        """Send it by ASGI."""
        await send({"type": "http.response.start", "status": self.status, "headers": self._all_headers()})
        await send({"type": "http.response.body", "body": self.body})

    def last_words(self) -> bytes:
        """Write it as HTTP/1.1, for a connection that is closed then."""
        head = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}".encode()]
        head += [name + b": " + value for name, value in (*self._all_headers(), CLOSE)]
        return b"\r\n".join([*head, b"", self.body])

    def _all_headers(self) -> Headers:
        length = str(len(self.body)).encode()
        return ((b"content-type", self.content_type), (b"content-length", length), *self.headers)


def success(partial: PartialSuccess | None, encoding: Encoding) -> Answer:
    """Say that all spans are stored, or how many are not."""
    return Answer(HTTPStatus.OK, export_response(partial, encoding), _CONTENT_TYPES[encoding])


def failure(status: HTTPStatus, message: str, encoding: Encoding, headers: Headers = ()) -> Answer:
    """Say what is wrong."""
    body = status_response(_CODES[status], message, encoding)
    return Answer(status, body, _CONTENT_TYPES[encoding], headers)


def refusal(error: CollectorError, encoding: Encoding, headers: Headers = ()) -> Answer:
    """Say what an error says, with the status that makes a client try again or not."""
    if isinstance(error, TransientError):
        retry_after = (b"retry-after", str(error.retry_after_s).encode())
        limited = isinstance(error, RateLimited)
        status = HTTPStatus.TOO_MANY_REQUESTS if limited else HTTPStatus.SERVICE_UNAVAILABLE
        return failure(status, str(error), encoding, (retry_after, *headers))
    if isinstance(error, Unauthenticated):
        return failure(HTTPStatus.UNAUTHORIZED, str(error), encoding, _CHALLENGE)
    if isinstance(error, Forbidden):
        return failure(HTTPStatus.FORBIDDEN, str(error), encoding)
    if isinstance(error, TooLarge):
        return failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error), encoding)
    if isinstance(error, UnsupportedMediaType):
        return failure(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, str(error), encoding)
    return failure(HTTPStatus.BAD_REQUEST, str(error), encoding)
