"""The gatekeeper: knows who may do what, and publishes it to the receiver, which opens no database."""

import threading
from collections.abc import Sequence
from pathlib import Path

import structlog

from analytics.keys.ledger import KeyLedger
from collector.keys.key import UNLIMITED, Key, Rates, Scope, anonymous
from collector.keys.key_file import document, mark_of, write_keys
from collector.keys.keyring import Keyring

log = structlog.get_logger(__name__)

# Another process on the same database may make and revoke keys too.
_LOOK_EVERY_S = 1.0


class Gatekeeper:
    """An `Authority` that follows the state database.

    Parameters
    ----------
    path
        Where the keys are published: `collector.keys.key_file`.
    own
        Keys of the service's own parts, in no database.
    default
        Rates of keys that have none of their own, and of those who show none.
    anonymous_always, anonymous_at_first
        Whether callers are served who show no key: at any time, or as long as none was ever made.

    Attributes
    ----------
    any_was_made
        Whether there is a key or was one, as of the last look.
    """

    problem = None

    def __init__(
        self,
        ledger: KeyLedger,
        path: Path,
        own: Sequence[Key] = (),
        default: Rates = UNLIMITED,
        *,
        anonymous_always: bool = False,
        anonymous_at_first: bool = True,
    ) -> None:
        self._ledger = ledger
        self._path = path
        self._own = own
        self._default = default
        self._anonymous_always = anonymous_always
        self._anonymous_at_first = anonymous_at_first
        self._lock = threading.Lock()
        self._published: object = None
        self._stopping = threading.Event()
        self._keyring = Keyring((), None)
        self.any_was_made = False

    def authorise(self, shown: str, scope: Scope) -> Key:
        """See `Authority`."""
        return self._keyring.authorise(shown, scope)

    def refresh(self) -> None:
        """Read the keys, and publish them where that says something new.

        Raises
        ------
        OSError
            The disk does not take the file: the receiver goes on with what it knows.
        """
        with self._lock:
            keys, self.any_was_made = self._ledger.good(self._default)
            open_door = self._anonymous_always or (self._anonymous_at_first and not self.any_was_made)
            self._keyring = Keyring([*keys, *self._own], anonymous(self._default) if open_door else None)
            content = document(self._keyring)
            if self._published != (content, mark_of(self._path)):
                write_keys(self._path, self._keyring)
                self._published = content, mark_of(self._path)

    def start(self) -> None:
        """Go on refreshing."""
        threading.Thread(target=self._run, name="keys", daemon=True).start()

    def stop(self) -> None:
        """End that."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            try:
                self.refresh()
            except Exception:
                log.exception("keys_not_refreshed", action="will try again; what was known stays good")
