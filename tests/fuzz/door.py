"""The receiver in this process: requests go into the functions that its transports call.

All of it is the product's but two: a journal that keeps what is written where it can be looked at, and
says at once that it is on disk; and threads that are none, so that what is measured is the request's.
"""

import asyncio
import gc
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any, cast

import grpc
import uvloop
from google.protobuf.unknown_fields import UnknownFieldSet
from prometheus_client.registry import Collector

from collector.exposition import Exposition
from collector.journal.examination import span_count
from collector.journal.journal import Journal
from collector.journal.record import frame, read_record
from collector.keys.key import anonymous
from collector.keys.keyring import Keyring
from collector.otlp.signal import Signal
from collector.receiver.admission import Admission
from collector.receiver.counters import Counters
from collector.receiver.export import Export
from collector.receiver.http_paths import signals_by_path
from collector.receiver.http_server import HttpServer
from collector.receiver.in_flight import InFlight
from collector.receiver.limits import Limits
from collector.receiver.otlp_grpc import OtlpGrpc
from collector.receiver.otlp_http import Info, OtlpHttp
from collector.receiver.transport import Transport
from tests.fuzz.answer import Answer, Written
from tests.fuzz.asked import Asked
from tests.fuzz.confessions import confessions

_STATUS_LINE = re.compile(rb"^HTTP/1\.1 (\d{3})", re.MULTILINE)


class Door:
    """Answers requests one after the other."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._confessed = confessions()
        self._loop = uvloop.new_event_loop()
        self._journal = _Journal()
        self._limits = limits or Limits()
        self.counters = Counters()
        self._loop.run_until_complete(self._open())

    async def _open(self) -> None:
        limits, transport = self._limits, Transport()
        in_flight = InFlight(limits.in_flight_bytes_max)
        export = Export(cast("Journal", self._journal), limits, self.counters, _Inline())
        admission = Admission(Keyring((), anonymous()), self.counters)
        body_bytes_max = limits.body_bytes_max
        self._grpc = OtlpGrpc(export, admission, self.counters, in_flight, body_bytes_max, transport, None)
        self._http = OtlpHttp(
            export, admission, self.counters, in_flight, body_bytes_max, transport.request_s_max,
            signals_by_path(), Info(), lambda: None, Exposition(_Nothing(), None),
        )  # fmt: skip
        self._server = HttpServer(self._http, cast("Any", None), transport, None, 1)._server

    def close(self) -> None:
        self._loop.run_until_complete(self._grpc.stop(0))
        self._loop.close()

    def ask(self, request: Asked) -> Answer:
        """Return what is answered, and what it cost and wrote."""
        self._journal.written = []
        ask = {"http": self._post, "grpc": self._call, "raw": self._connect}[request.transport]
        # what is collected would be the garbage of those who invent the requests: a second, now and then
        gc.disable()
        began_s = time.thread_time()
        statuses, body = self._loop.run_until_complete(ask(request))
        cpu_s = time.thread_time() - began_s
        gc.enable()
        assert not self._confessed, self._confessed.pop()
        return Answer(statuses, body, cpu_s, self._journal.written)

    async def _post(self, request: Asked) -> tuple[Sequence[str], bytes]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        scope = {"type": "http", "method": "POST", "path": f"/v1/{request.signal}", "headers": headers}
        await self._http(scope, receive, send)
        return [str(sent[0]["status"])], sent[1]["body"]

    async def _call(self, request: Asked) -> tuple[Sequence[str], bytes]:
        call = _Call(request.body)
        try:
            answer = await self._grpc._handle(cast("Any", call), request.signal)
        except grpc.aio.AbortError:
            return [call.code], b""
        return ["OK"], answer

    async def _connect(self, request: Asked) -> tuple[Sequence[str], bytes]:
        """In two reads, as networks cut where they like; then the client is gone."""
        connection, wire = self._server._connection(), _Wire()
        connection.connection_made(cast("Any", wire))
        half = len(request.body) // 2
        for part in (request.body[:half], request.body[half:]):
            if part and not wire.is_closing():
                connection.data_received(part)
                await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        connection.connection_lost(None)
        if tasks := self._server.server_state.tasks:
            await asyncio.wait(tasks, timeout=5)
            assert not tasks, "a request of a client that is gone is still being answered"
        statuses = [status.decode() for status in _STATUS_LINE.findall(wire.written)]
        return statuses or ["no answer"], b""


class _Journal:
    """What the receiver needs of `Journal`."""

    def __init__(self) -> None:
        self.written: list[Written] = []

    def append(self, body: bytes, items: int, project: str, signal: Signal = Signal.TRACES) -> Future[None]:
        """Look at what would be in the file: it can be read, and holds as many as are counted."""
        request = signal.request.FromString(body)
        assert not len(UnknownFieldSet(request)), "a field in the journal that only the journal may write"
        assert span_count(body, signal) == items > 0
        assert read_record(frame(body, project, 1), 0).body == body
        self.written.append(Written(signal, body, items))
        done: Future[None] = Future()
        done.set_result(None)
        return done


class _Inline(Executor):
    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(function(*given, **named))
        except Exception as error:  # noqa: BLE001  whoever waits hears of it
            done.set_exception(error)
        return done


class _Call:
    """What the receiver needs of gRPC's context."""

    def __init__(self, message: bytes) -> None:
        self._message = message
        self.code = ""

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return (("user-agent", "fuzz"),)

    async def read(self) -> bytes:
        return self._message

    async def abort(self, code: grpc.StatusCode, details: str, trailing: Sequence[Any] = ()) -> None:
        details.encode(errors="strict")
        assert all(isinstance(value, bytes) for _, value in trailing)
        self.code = code.name
        raise grpc.aio.AbortError


class _Wire(asyncio.Transport):
    """A connection whose other side is this test."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written = b""
        self._closing = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self._closing = True

    abort = close

    def is_closing(self) -> bool:
        return self._closing

    def pause_reading(self) -> None:
        pass

    resume_reading = pause_reading


class _Nothing(Collector):
    def collect(self) -> Any:
        return ()
