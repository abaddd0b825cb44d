"""A receiver of webhooks on a real socket, as good or as bad as a test wants it."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import standardwebhooks

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

# Writes the answer; gets the request and an event that is set when the test is over.
Answer = Callable[[BaseHTTPRequestHandler, threading.Event], None]


@dataclass(frozen=True)
class Received:
    """One request: headers in lower case, and the exact bytes of the body."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> str:
        return str(json.loads(self.body)["type"])

    def verify(self) -> Any:
        """Return the body's JSON, if the signature is right and the timestamp is of the last minutes."""
        return standardwebhooks.Webhook(SECRET).verify(self.body, self.headers)


@dataclass
class Receiver:
    url: str
    answer: Answer
    received: list[Received] = field(default_factory=list)

    def wait_for(self, n: int) -> None:
        """Wait until `n` requests have come."""
        deadline = time.monotonic() + 60
        while len(self.received) < n:
            assert time.monotonic() < deadline, f"{len(self.received)} of {n} requests came"
            time.sleep(0.01)


def status(code: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
    def answer(request: BaseHTTPRequestHandler, _over: threading.Event) -> None:
        request.send_response(code)
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def silence(_request: BaseHTTPRequestHandler, over: threading.Event) -> None:
    over.wait()


def raw(*pieces: bytes, pause_s: float = 0) -> Answer:
    """Answer with these bytes, then repeat the last piece for ever when there are pauses."""

    def answer(request: BaseHTTPRequestHandler, over: threading.Event) -> None:
        for piece in pieces:
            request.wfile.write(piece)
        while pause_s and not over.wait(pause_s):
            request.wfile.write(pieces[-1])

    return answer


@contextmanager
def receiving(answer: Answer | None = None) -> Iterator[Receiver]:
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(headers, body))
            with suppress(OSError):
                receiver.answer(self, over)

        def do_GET(self) -> None:
            """What a followed redirect would be."""
            receiver.received.append(Received({}, b"{}"))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook", answer or status(204))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
