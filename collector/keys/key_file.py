"""DATA_DIR/keys.json: the keys that are good now, published by who has the database for who has none."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from collector.errors import TransientError, Unauthenticated
from collector.journal.durable import replace_file
from collector.keys.key import Key, Rates, Scope
from collector.keys.keyring import Keyring

FILE_NAME = "keys.json"
# A key that was revoked is good for so long at most.
_LOOK_EVERY_S = 0.25
# Inode, time and size of a file: another one has others.
_Mark = tuple[int, int, int]


class KeyFile:
    """Knows the keys by the file, and reads it again when it was replaced. For one event loop.

    Without a file that can be read nobody is let in, and told to come again: nothing is lost by that.

    Parameters
    ----------
    anonymous_too
        Whether callers who show no key are served where the file says so.
    """

    def __init__(
        self, path: Path, *, anonymous_too: bool = True, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._anonymous_too = anonymous_too
        self._monotonic = monotonic
        self._keyring: Keyring | None = None
        self._mark: _Mark | None = None
        self._looked_s = float("-inf")

    @property
    def problem(self) -> str | None:
        """See `Authority`."""
        self._look(_LOOK_EVERY_S)
        return None if self._keyring else f"the API keys are not known: {self._path} cannot be read"

    def authorise(self, shown: str, scope: Scope) -> Key:
        """See `Authority`; a key that was made just now is good at once."""
        try:
            return self._current(_LOOK_EVERY_S).authorise(shown, scope)
        except Unauthenticated:
            return self._current(0).authorise(shown, scope)

    def _current(self, age_s_max: float) -> Keyring:
        self._look(age_s_max if self._keyring else 0)
        if self._keyring is None:
            raise TransientError("the API keys are not known yet")
        return self._keyring

    def _look(self, age_s_max: float) -> None:
        if self._monotonic() - self._looked_s < age_s_max:
            return
        self._looked_s = self._monotonic()
        mark = mark_of(self._path)
        if mark != self._mark or mark is None:
            self._mark, self._keyring = mark, read_keys(self._path)
            if self._keyring and not self._anonymous_too:
                self._keyring.anonymous = None


def mark_of(path: Path) -> _Mark | None:
    """Return what tells a file from the one that replaces it; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def write_keys(path: Path, keyring: Keyring) -> None:
    """Replace the file: a reader sees the old one or the new one.

    Raises
    ------
    OSError
        The disk does not take it.
    """
    replace_file(path, document(keyring))


def document(keyring: Keyring) -> bytes:
    """Return what stands in the file."""
    keys = sorted(keyring.keys.values(), key=lambda key: key.id)
    return orjson.dumps({"keys": keys, "anonymous": keyring.anonymous}, default=sorted)


def read_keys(path: Path) -> Keyring | None:
    """Return what was published; None when there is nothing that can be read."""
    try:
        found = orjson.loads(path.read_bytes())
        anonymous = found["anonymous"]
        return Keyring(map(_key, found["keys"]), _key(anonymous) if anonymous else None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _key(fields: dict[str, Any]) -> Key:
    scopes, rates = frozenset(fields.pop("scopes")), Rates(**fields.pop("rates"))
    return Key(scopes=scopes, rates=rates, **fields)
