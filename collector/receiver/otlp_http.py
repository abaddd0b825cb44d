"""OTLP/HTTP: the ASGI application behind POST /v1/traces and the like."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog

from collector.errors import CollectorError, TransientError, UnsupportedMediaType
from collector.exposition import CONTENT_TYPE, Exposition
from collector.keys.key import shown_key
from collector.otlp.response import Encoding
from collector.otlp.signal import Signal
from collector.receiver.admission import Admission
from collector.receiver.counters import HTTP_JSON, HTTP_PROTOBUF, HTTP_UNKNOWN, Counters, Origin
from collector.receiver.export import Export
from collector.receiver.http_answer import CLOSE, Answer, Headers, Send, failure, refusal, success
from collector.receiver.http_body import ClientGone, HttpBody, Receive
from collector.receiver.in_flight import Hold, InFlight

log = structlog.get_logger()

_ORIGINS = {b"application/x-protobuf": HTTP_PROTOBUF, b"application/json": HTTP_JSON}
_UNKNOWN_ENCODING: Encoding = "json"

_KEY_HEADERS = (b"authorization", b"x-api-key")
_TOLD = frozenset({"/healthz", "/readyz", "/metrics", "/v1/info"})
_ALLOW_POST = ((b"allow", b"POST"),)
_ALLOW_GET = ((b"allow", b"GET, HEAD"),)


@dataclass(frozen=True)
class Info:
    """What Logfire's SDK asks at its start, at GET /v1/info, to show where its spans can be seen."""

    dashboard_url: str = ""

    def answer(self, project: str) -> Answer:
        return _json(HTTPStatus.OK, {"project_name": project, "project_url": self.dashboard_url})


class OtlpHttp:
    """Answers HTTP requests.

    Parameters
    ----------
    body_bytes_max
        Of one body, before and after decompression.
    request_s_max
        Seconds in which a body has to come.
    signals
        What is taken, by its path.
    problem
        Says why nothing can be taken now, or None.
    """

    def __init__(
        self,
        export: Export,
        admission: Admission,
        counters: Counters,
        in_flight: InFlight,
        body_bytes_max: int,
        request_s_max: float,
        signals: Mapping[str, Signal],
        info: Info,
        problem: Callable[[], str | None],
        exposition: Exposition,
    ) -> None:
        self._export = export
        self._admission = admission
        self._counters = counters
        self._in_flight = in_flight
        self._body_bytes_max = body_bytes_max
        self._request_s_max = request_s_max
        self._signals = signals
        self._info = info
        self._problem = problem
        self._exposition = exposition

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except ClientGone:
            return
        await answer.send(send)

    async def _answer(self, scope: dict[str, Any], receive: Receive) -> Answer:
        headers = dict(scope["headers"])
        origin = _origin(headers)
        path, method = scope["path"], scope["method"]
        signal = self._signals.get(path)
        if signal is not None and method == "POST":
            return await self._export_request(headers, receive, origin, signal)
        encoding = origin.encoding if origin else _UNKNOWN_ENCODING
        if signal is not None:
            return failure(HTTPStatus.METHOD_NOT_ALLOWED, "only POST is taken", encoding, _ALLOW_POST)
        if path not in _TOLD:
            return failure(HTTPStatus.NOT_FOUND, f"there is nothing at {path}", encoding)
        if method not in {"GET", "HEAD"}:
            return failure(HTTPStatus.METHOD_NOT_ALLOWED, "only GET is taken", encoding, _ALLOW_GET)
        return self._tell(scope, headers)

    def _tell(self, scope: dict[str, Any], headers: dict[bytes, bytes]) -> Answer:
        if scope["path"] == "/v1/info":
            return self._tell_project(headers)
        if scope["path"] == "/metrics":
            status, text = self._exposition.answer(scope)
            return Answer(status, text, CONTENT_TYPE.encode())
        return _health(self._problem() if scope["path"] == "/readyz" else None)

    def _tell_project(self, headers: dict[bytes, bytes]) -> Answer:
        try:
            return self._info.answer(self._admission.project_of(_shown_key(headers)))
        except CollectorError as error:
            return refusal(error, "json")

    async def _export_request(
        self, headers: dict[bytes, bytes], receive: Receive, origin: Origin | None, signal: Signal
    ) -> Answer:
        if origin is None:
            error = UnsupportedMediaType("application/x-protobuf and application/json are taken")
            self._counters.refuse(HTTP_UNKNOWN, error)
            return refusal(error, _UNKNOWN_ENCODING)
        try:
            grant = self._admission.admit(_shown_key(headers))
            with Hold(self._in_flight) as hold:
                body = HttpBody(receive, headers, hold, self._body_bytes_max, self._request_s_max)
                content = await body.read(self._export.threads)
                partial = await self._export.receive(content, origin, grant, signal)
        except CollectorError as error:
            return self._refuse(error, origin)
        except asyncio.CancelledError:
            # the server's grace is over: whoever still listens may come again
            return refusal(TransientError("the receiver is stopping"), origin.encoding)
        except TimeoutError:
            # 408 says the same, and is not among the codes at which OTLP has a client try again
            return self._refuse(TransientError("the body did not come in time"), origin, (CLOSE,))
        except ClientGone:
            raise
        except Exception:
            # 500 would have the client drop its spans for a fault of ours
            log.exception("request_failed", origin=str(origin))
            return self._refuse(TransientError("the request could not be handled"), origin)
        return success(partial, origin.encoding)

    def _refuse(self, error: CollectorError, origin: Origin, more: Headers = ()) -> Answer:
        self._counters.refuse(str(origin), error)
        return refusal(error, origin.encoding, more)


def _origin(headers: dict[bytes, bytes]) -> Origin | None:
    media_type = headers.get(b"content-type", b"").partition(b";")[0]
    return _ORIGINS.get(media_type.strip().lower())


def _shown_key(headers: dict[bytes, bytes]) -> str:
    authorization, api_key = (headers.get(name, b"").decode("latin-1") for name in _KEY_HEADERS)
    return shown_key(authorization, api_key)


def _health(problem: str | None) -> Answer:
    status = HTTPStatus.OK if problem is None else HTTPStatus.SERVICE_UNAVAILABLE
    body = {"status": "ok"} if problem is None else {"status": "unavailable", "problem": problem}
    return _json(status, body)


def _json(status: HTTPStatus, body: Mapping[str, str]) -> Answer:
    return Answer(status, json.dumps(body).encode(), b"application/json")
