"""Clients that remember, outside the service, what they were told is stored."""

import random
import threading
import time
from collections import Counter
from typing import Self

import httpx

from tests.builders import request, span

PROTOBUF = {"content-type": "application/x-protobuf"}
FINAL = frozenset({400, 401, 403, 413, 415})


class Clients:
    """Threads that send requests of new spans until the end; what is refused is not sent again.

    Parameters
    ----------
    rate
        Requests a second in all; as many as go without one.

    Attributes
    ----------
    acknowledged, sent
        Span ids.
    waits_s
        Of each request that was acknowledged.
    answers
        How often each HTTP status came; 0 is a connection that broke.
    """

    def __init__(self, url: str, *, clients: int = 4, spans: int = 8, rate: float | None = None) -> None:
        self._url = f"{url}/v1/traces"
        self._spans = spans
        self._pause_s = clients / rate if rate else 0.005
        self.acknowledged: list[bytes] = []
        self.sent: set[bytes] = set()
        self.waits_s: list[float] = []
        self.answers: Counter[int] = Counter()
        self.without_retry_after = 0
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Send no more; what is under way is waited for."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        chance = random.Random(number)
        with httpx.Client(headers=PROTOBUF, timeout=60) as http:
            while not self._stopping.is_set():
                began_s = time.monotonic()
                self._send_one(http)
                rest_s = self._pause_s * chance.uniform(0.5, 1.5) - (time.monotonic() - began_s)
                self._stopping.wait(max(0.0, rest_s))

    def _send_one(self, http: httpx.Client) -> None:
        spans = [span(attributes={"text": "x" * 500}) for _ in range(self._spans)]
        ids = [one.span_id for one in spans]
        self.sent.update(ids)
        began_s = time.monotonic()
        try:
            answer = http.post(self._url, content=request(*spans).SerializeToString())
        except httpx.TransportError:
            self.answers[0] += 1
            self._stopping.wait(0.05)
            return
        self.answers[answer.status_code] += 1
        if answer.status_code == 200:
            self.acknowledged += ids
            self.waits_s.append(time.monotonic() - began_s)
        elif "retry-after" not in answer.headers:
            self.without_retry_after += 1
