"""The payment server: a fake one on loopback, whose ledger is the truth of what was paid."""

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

import requests

from bench.detectors.agent import ToolError

Lateness = Literal["", "after", "before"]

# The client gives up after so long. The server answers what is to be late when that has happened, however
# busy the machine is.
PATIENCE_S = 0.4
_GIVEN_UP_S_MAX = 30.0
# Says which request it is whose answer comes late.
_LATE = "X-Late"


class PaymentTimeoutError(ToolError):
    """Nobody answered in time."""


class PaymentServer:
    """Takes payments while it is entered.

    Parameters
    ----------
    late
        Its first answer comes too late: after it was paid, or before it could be.
    tells_apart
        By this field of a payment it knows that one is the same as one before; '' knows none.
    """

    def __init__(self, late: Lateness = "", tells_apart: str = "") -> None:
        self.ledger: list[Mapping[str, Any]] = []
        self._late = late
        self._tells_apart = tells_apart
        self._given_up = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def pay(self, **payment: str) -> str:
        """Pay as a client does, and return the receipt."""
        return self._asked(payment)

    def balance(self) -> str:
        return self._asked({})

    def answers(self, payment: Mapping[str, Any], late: str) -> Mapping[str, Any]:
        """Do what is asked, late or not; a payment without fields asks for the balance."""
        if late == "before":
            self._given_up.wait(_GIVEN_UP_S_MAX)
            return {}  # nobody reads it
        answer = self._committed(payment) if payment else {"balance": f"{10_000 - len(self.ledger)}.00"}
        if late:
            self._given_up.wait(_GIVEN_UP_S_MAX)
        return answer

    def _committed(self, payment: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._lock:
            known = [
                paid
                for paid in self.ledger
                if self._tells_apart and paid[self._tells_apart] == payment[self._tells_apart]
            ]
            if not known:
                number = f"R-{self._server.server_port}-{len(self.ledger) + 1}"
                self.ledger.append({**payment, "receipt": number})
            return {"status": "paid", "receipt": (known or self.ledger)[-1]["receipt"]}

    def _asked(self, payment: Mapping[str, str]) -> str:
        url, late = f"http://127.0.0.1:{self._server.server_port}/", self._late
        self._late = ""
        try:
            patience_s = PATIENCE_S if late else _GIVEN_UP_S_MAX
            return requests.post(url, json=payment, headers={_LATE: late}, timeout=patience_s).text
        except requests.Timeout as error:
            raise PaymentTimeoutError(f"timed out after {PATIENCE_S} s") from error
        finally:
            if late:
                self._given_up.set()


def _handler(server: PaymentServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payment = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(server.answers(payment, self.headers[_LATE])).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

        def handle_one_request(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has given up
                super().handle_one_request()

    return Handler
