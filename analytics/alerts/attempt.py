"""One attempt to deliver a message."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import httpx

from analytics.alerts.schedule import retry_after_s
from analytics.alerts.webhook import Webhook
from analytics.state.text import storable

# The status decides; the body is only shown, so little of it is read and not waited for.
_RESPONSE_BYTES_MAX = 4_096
_RESPONSE_WAIT_S_MAX = 2
_ERROR_CHARS_MAX = 200
_SLOW_DOWN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it; `error` is None exactly when the receiver answered 2xx."""

    status_code: int | None
    latency_s: float
    error: str | None
    response_body: str | None
    retry_after_s: float | None

    @property
    def gone(self) -> bool:
        """Whether the receiver asks for no more messages."""
        return self.status_code == HTTPStatus.GONE


async def post(
    client: httpx.AsyncClient,
    webhook: Webhook,
    message_id: str,
    body: str,
    *,
    now: datetime,
    timeout_s: float,
) -> Attempt:
    """Send the message once and wait at most `timeout_s` for the answer's status.

    Parameters
    ----------
    now
        Signed as the time of this attempt; receivers refuse what is minutes old.
    """
    started_s = time.monotonic()
    request = client.build_request("POST", webhook.url, content=body.encode(), headers={
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(message_id, now, body),
    })  # fmt: skip
    try:
        async with asyncio.timeout(timeout_s):
            response = await client.send(request, stream=True)
    except TimeoutError:
        return _unanswered(started_s, f"No answer within {timeout_s:g} s.")
    except httpx.HTTPError as error:
        return _unanswered(started_s, f"{type(error).__name__}: {error}")
    latency_s = time.monotonic() - started_s
    try:
        return Attempt(
            status_code=response.status_code,
            latency_s=latency_s,
            error=None if response.is_success else _refusal(response.status_code),
            response_body=await _beginning(response),
            retry_after_s=retry_after_s(response.headers.get("retry-after"), now)
            if response.status_code in _SLOW_DOWN
            else None,
        )
    finally:
        await response.aclose()


def _unanswered(started_s: float, error: str) -> Attempt:
    return Attempt(None, time.monotonic() - started_s, storable(error, _ERROR_CHARS_MAX), None, None)


def _refusal(status_code: int) -> str:
    if status_code == HTTPStatus.GONE:
        return "Answered 410 Gone: the webhook gets nothing more until the service restarts."
    if 300 <= status_code < 400:
        return f"Answered {status_code}: redirects are not followed."
    return f"Answered {status_code}."


async def _beginning(response: httpx.Response) -> str:
    received = b""
    try:
        async with asyncio.timeout(_RESPONSE_WAIT_S_MAX):
            # Raw: what is packed may unpack to anything.
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) >= _RESPONSE_BYTES_MAX:
                    break
    except (TimeoutError, httpx.HTTPError):
        pass
    return storable(received[:_RESPONSE_BYTES_MAX].decode(errors="replace"), _RESPONSE_BYTES_MAX)
