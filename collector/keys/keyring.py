"""The keys that are good now, and whether a caller may do what it asks for."""

import time
from collections.abc import Iterable
from hmac import compare_digest
from typing import Protocol

from collector.errors import Forbidden, Unauthenticated
from collector.keys.key import KEY_FORM, Key, Scope, digest

_HOW = "send an API key as `Authorization: Bearer KEY` or `x-api-key: KEY`; `doldrums keys create` makes one"


class Authority(Protocol):
    """Says who a caller is."""

    @property
    def problem(self) -> str | None:
        """Why nobody can be let in now, or None."""
        ...

    def authorise(self, shown: str, scope: Scope) -> Key:
        """Return the caller's key.

        Raises
        ------
        Unauthenticated
            None was shown where one is needed, or none that is good.
        Forbidden
            It is not for this.
        TransientError
            The keys are not known now.
        """
        ...


class Keyring:
    """Keys by their ids.

    Parameters
    ----------
    anonymous
        What callers have who show no key; None when they are not served.
    """

    problem = None

    def __init__(self, keys: Iterable[Key], anonymous: Key | None) -> None:
        self.keys = {key.id: key for key in keys}
        self.anonymous = anonymous

    def authorise(self, shown: str, scope: Scope) -> Key:
        """See `Authority`."""
        key = self._identified(shown)
        if scope not in key.scopes:
            raise Forbidden(f"the API key pk_{key.id} is not for this: it lacks the scope {scope}")
        return key

    def _identified(self, shown: str) -> Key:
        form = KEY_FORM.fullmatch(shown)
        if form is None:
            # what other services call a key is none of ours, and exporters send theirs unasked
            if self.anonymous is None:
                raise Unauthenticated(_HOW)
            return self.anonymous
        key = self.keys.get(form[1])
        if key is None or not compare_digest(key.digest, digest(shown)):
            raise Unauthenticated(f"this API key is not known here, or it was revoked: {_HOW}")
        if key.expires_unix_s is not None and key.expires_unix_s <= time.time():
            raise Unauthenticated(f"the API key pk_{key.id} has expired: {_HOW}")
        return key
