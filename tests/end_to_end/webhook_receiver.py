"""A webhook receiver as a user would write it: verifies the signature, then takes the message."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from standardwebhooks import Webhook


class WebhookReceiver:
    """Listens on loopback; refuses the first `failures` messages with 500."""

    def __init__(self, secret: str, failures: int = 0) -> None:
        self.messages: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self._failures = failures
        verifier, receiver = Webhook(secret), self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                verifier.verify(body, dict(self.headers.items()))
                self.send_response(receiver.take(self.headers["webhook-id"], json.loads(body)))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def take(self, message_id: str, message: dict[str, Any]) -> int:
        """Return the status to answer with."""
        self.ids.append(message_id)
        if self._failures:
            self._failures -= 1
            return 500
        self.messages.append(message)
        return 204

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
