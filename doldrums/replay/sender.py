"""Sends requests to an OTLP/HTTP endpoint as an exporter should."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from doldrums.errors import UserError
from doldrums.replay.times import spans_of

PATH = "/v1/traces"
# OTLP specification 1.9, "Retryable Response Codes".
RETRYABLE = {429, 502, 503, 504}
BACK_OFF_S_MAX = 30.0
PATIENCE_S = 300.0


@dataclass(frozen=True)
class Answer:
    """What became of the spans of one request."""

    sent: int
    rejected: int
    reason: str = ""


class Sender:
    """Sends one request after the other.

    Parameters
    ----------
    endpoint
        URL of the service; /v1/traces is added where it has no path.
    api_key
        Shown to it, where there is one.
    spans_per_s_max
        Spans a second at most; None is as fast as the endpoint takes them.
    say
        Told when the endpoint keeps us waiting.
    """

    def __init__(
        self, endpoint: str, api_key: str, spans_per_s_max: float | None, say: Callable[[str], None]
    ) -> None:
        self.url = traces_url(endpoint)
        self._spans_per_s_max = spans_per_s_max
        self._say = say
        self._http = httpx.Client(timeout=60, headers={"x-api-key": api_key} if api_key else None)
        self._was_answered = False
        self._began = time.monotonic()
        self._spans = 0

    def send(self, request: ExportTraceServiceRequest) -> Answer:
        """Send a request, again while the endpoint asks for that.

        Raises
        ------
        UserError
            Nobody answers.
        """
        spans = sum(1 for _ in spans_of(request))
        self._wait_for_turn(spans)
        answer = self._answered(request.SerializeToString())
        if not answer.is_success:
            detail = answer.text.strip().splitlines()
            return Answer(0, spans, f"answered {answer.status_code} {detail[0] if detail else ''}".strip())
        try:
            partial = ExportTraceServiceResponse.FromString(answer.content).partial_success
        except DecodeError:
            return Answer(0, spans, "answered something that is not OTLP")
        rejected = min(max(partial.rejected_spans, 0), spans)
        return Answer(spans - rejected, rejected, partial.error_message)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _wait_for_turn(self, spans: int) -> None:
        if self._spans_per_s_max:
            due = self._began + self._spans / self._spans_per_s_max
            time.sleep(max(0.0, due - time.monotonic()))
        self._spans += spans

    def _answered(self, body: bytes) -> httpx.Response:
        patience_ends = time.monotonic() + PATIENCE_S
        back_off_s = 1.0
        while True:
            outcome = self._try(body)
            if isinstance(outcome, httpx.Response) and outcome.status_code not in RETRYABLE:
                self._was_answered = True
                return outcome
            wait_s = _retry_after_s(outcome) or back_off_s
            if time.monotonic() + wait_s > patience_ends:
                if isinstance(outcome, httpx.Response):
                    return outcome
                raise UserError(f"{self.url} answers no more: {outcome}.")
            if back_off_s == 1.0:
                self._say(f"{self.url} {_said(outcome)}; trying again for {PATIENCE_S:.0f} s.")
            time.sleep(wait_s)
            back_off_s = min(2 * back_off_s, BACK_OFF_S_MAX)

    def _try(self, body: bytes) -> httpx.Response | httpx.TransportError:
        try:
            return self._http.post(self.url, content=body, headers={"Content-Type": "application/x-protobuf"})
        except httpx.TransportError as error:
            if not self._was_answered:
                raise UserError(
                    f"No OTLP endpoint answers at {self.url} ({error}): "
                    "start `doldrums serve`, or name another one with --endpoint."
                ) from None
            return error


def traces_url(endpoint: str) -> str:
    """Return the URL that traces are posted to."""
    try:
        url = httpx.URL(endpoint)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise UserError(f"--endpoint is {endpoint!r}: write it as http://127.0.0.1:4318.")
    return str(url.copy_with(path=PATH) if url.path in ("", "/") else url)


def _said(outcome: httpx.Response | httpx.TransportError) -> str:
    if isinstance(outcome, httpx.Response):
        return f"answered {outcome.status_code}"
    return f"does not answer ({outcome})"


def _retry_after_s(outcome: httpx.Response | httpx.TransportError) -> float | None:
    text = outcome.headers.get("Retry-After", "") if isinstance(outcome, httpx.Response) else ""
    return float(text) if text.isascii() and text.isdigit() else None
