"""A receiver of messages, as configured."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import standardwebhooks
from pydantic import ConfigDict, with_config

_PREFIX = "whsec_"
# The Standard Webhooks specification 1.0 asks for 24 to 64 random bytes.
_SECRET_BYTES_MIN = 24
_SECRET_BYTES_MAX = 64
_PORT_MAX = 65_535
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class WebhookError(ValueError):
    """A webhook is configured wrongly; the message says what is wrong and never holds the secret."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages go, and the secret they are signed with.

    Parameters
    ----------
    name
        What deliveries, logs and the API call it: letters, digits, dots, dashes, underscores.
    url
        http or https. It may hold a secret of the receiver, so it is never logged or shown.
    secret
        `whsec_` and the base64 of 24 to 64 random bytes; `new_secret` makes one.

    Raises
    ------
    WebhookError
        If one of them is none of that.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None:
            raise WebhookError(
                f"the webhook name {self.name!r} must be 1 to 64 letters, digits, dots, dashes, underscores"
            )
        if not _is_http(self.url):
            raise WebhookError(f"the URL of webhook {self.name} must read https://host/path (or http://)")
        if not _is_secret(self.secret):
            raise WebhookError(
                f"the secret of webhook {self.name} must be {_PREFIX} followed by the base64 of 24 to 64 "
                f'random bytes, as `echo "{_PREFIX}$(openssl rand -base64 32)"` makes one'
            )

    def sign(self, message_id: str, timestamp: datetime, body: str) -> str:
        """Return the value of the header `webhook-signature`."""
        return standardwebhooks.Webhook(self.secret).sign(message_id, timestamp, body)


def new_secret() -> str:
    """Return a fresh signing secret of 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _is_http(url: str) -> bool:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in {"http", "https"} and parsed.host != "" and (parsed.port or 443) <= _PORT_MAX


def _is_secret(secret: str) -> bool:
    if not secret.startswith(_PREFIX):
        return False
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (ValueError, binascii.Error):
        return False
    return _SECRET_BYTES_MIN <= len(key) <= _SECRET_BYTES_MAX
