"""An API key: what a caller shows, and what is kept of it."""

import base64
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

# `operator` is the local service's own and no key's that is made: keys and counts of all projects.
Scope = Literal["ingest", "query", "admin", "operator"]

PROJECT_DEFAULT = "default"
# The lookup id and 32 random bytes: too many to guess, so that SHA-256 without salt is enough.
KEY_FORM = re.compile("pk_([0-9a-f]{8})_[0-9a-f]{64}")


@dataclass(frozen=True)
class Rates:
    """What may be sent with a key in the long run; 0 is no limit."""

    requests_per_s: float = 0
    spans_per_s: float = 0
    bytes_per_s: float = 0


UNLIMITED = Rates()


@dataclass(frozen=True)
class Key:
    """What is known of a key.

    Attributes
    ----------
    id
        Eight hexadecimal digits, which the key's text begins with.
    project
        Whose spans, findings and deliveries are written and read with it: all others do not exist.
    digest
        SHA-256 of its text, hexadecimal.
    expires_unix_s
        From when on it is worth nothing; None for never.
    """

    id: str
    project: str
    digest: str
    scopes: frozenset[Scope]
    expires_unix_s: float | None = None
    rates: Rates = UNLIMITED

    @property
    def is_anonymous(self) -> bool:
        """Whether it stands for callers who show no key."""
        return not self.digest


def anonymous(rates: Rates = UNLIMITED) -> Key:
    """Return what callers have who show no key, where they are served at all."""
    return Key("anonymous", PROJECT_DEFAULT, "", frozenset({"ingest", "query", "admin"}), rates=rates)


def new_key() -> tuple[str, str]:
    """Return a new key's id and its text, which nobody can be told again."""
    key_id = secrets.token_hex(4)
    return key_id, f"pk_{key_id}_{secrets.token_hex(32)}"


def digest(text: str) -> str:
    """Return what is kept of a key's text."""
    return sha256(text.encode(errors="replace")).hexdigest()


def shown_key(authorization: str, api_key: str) -> str:
    """Return the key in a caller's headers, '' where there is none.

    Parameters
    ----------
    authorization
        `Bearer KEY`; KEY alone, as Logfire sends its token; `Basic`, with KEY as the password, as
        Langfuse sends its secret.
    api_key
        The header `x-api-key`, which wins.

    Examples
    --------
    >>> shown_key("Bearer pk_1", ""), shown_key("", "pk_2"), shown_key("Basic dXNlcjpwa18z", "")
    ('pk_1', 'pk_2', 'pk_3')
    """
    if api_key:
        return api_key.strip()
    scheme, _, value = authorization.strip().partition(" ")
    if not value:
        return scheme
    return _password(value) if scheme.lower() == "basic" else value.strip()


def _password(pair: str) -> str:
    try:
        return base64.b64decode(pair.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
