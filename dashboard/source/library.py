"""Library: the answers read so far, fresh for a moment and kept for when the API is away."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from dashboard.source.client import Answer, Client
from dashboard.source.errors import Failing, SourceError, Unreachable

T = TypeVar("T")

HELD_BYTES_MAX = 32 * 2**20
"""Bodies of the answers held; as objects they weigh about five times that."""
SHELVES_MAX = 512
"""Questions remembered; a reader may type a new one at every key."""
RETRY_S_MIN = 1.0
"""An API that does not answer is not asked again sooner, so that a page with five questions waits once."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """A value, when it was loaded, and what keeps it from being fresher.

    Parameters
    ----------
    at
        By the API's clock.
    monotonic_s
        The same moment by this process's monotonic clock.
    trouble
        Why this is older than asked for; None while all is well.
    """

    value: T
    at: datetime
    monotonic_s: float
    trouble: SourceError | None = None


@dataclass(slots=True)
class _Shelf:
    loaded: Loaded[Any] | None = None
    length_bytes: int = 0
    failing_since: datetime | None = None


class Library:
    """Reads through to the API and remembers, shared by all sessions. Thread-safe.

    Parameters
    ----------
    client
        Where answers come from.
    monotonic
        A clock in seconds, for tests.
    """

    def __init__(self, client: Client, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        self._clock: tuple[datetime, float] | None = None
        self._away: tuple[Unreachable, float] | None = None

    def now(self) -> datetime:
        """Return the time by the API's clock, so that ages are right when ours is wrong."""
        if self._clock is None:
            return datetime.now(UTC)
        at, monotonic_s = self._clock
        return at + timedelta(seconds=self._monotonic() - monotonic_s)

    def read(
        self,
        kind: TypeAdapter[T],
        path: str,
        parameters: Callable[[], Mapping[str, str]],
        *,
        name: str,
        age_s_max: Callable[[T], float],
    ) -> Loaded[T]:
        """Return the newest value there is for `name`.

        Parameters
        ----------
        parameters
            Makes the query when it is sent: a moving time range differs at each asking, its `name` not.
        age_s_max
            A value younger than this, in seconds, is not asked for again; what lives changes sooner.

        Raises
        ------
        SourceError
            Nothing was ever loaded, or asking again is of no use; `since` says how long it has been so.
        """
        shelf = self._shelf(name)
        if shelf.loaded and self.age_s(shelf.loaded) < age_s_max(shelf.loaded.value):
            return shelf.loaded
        try:
            answer = self._ask(path, parameters())
            value = _understood(kind, answer)
        except (Unreachable, Failing) as error:
            return self._last(shelf, error)
        loaded = Loaded(value, answer.at, self._monotonic())
        self._keep(shelf, loaded, len(answer.body))
        return loaded

    def write(self, kind: TypeAdapter[T], path: str, body: str, key: str, *, changes: str) -> T:
        """Send something, and return what it was answered.

        Parameters
        ----------
        key
            Whose it is; with none it is nobody's.
        changes
            What was loaded under names that begin so is asked for again.

        Raises
        ------
        SourceError
            It was not taken.
        """
        answer = self._client.post(path, body, key)
        with self._lock:
            for name in [name for name in self._shelves if name.startswith(changes)]:
                del self._shelves[name]
        return _understood(kind, answer)

    def age_s(self, loaded: Loaded[Any]) -> float:
        """Return the seconds since `loaded` was loaded."""
        return self._monotonic() - loaded.monotonic_s

    def _shelf(self, name: str) -> _Shelf:
        with self._lock:
            shelf = self._shelves.setdefault(name, _Shelf())
            self._shelves.move_to_end(name)
            if len(self._shelves) > SHELVES_MAX:
                self._shelves.popitem(last=False)
            return shelf

    def _ask(self, path: str, parameters: Mapping[str, str]) -> Answer:
        if self._away and self._monotonic() < self._away[1] + RETRY_S_MIN:
            raise Unreachable(self._away[0].sentence)
        try:
            answer = self._client.get(path, parameters)
        except Unreachable as error:
            self._away = (error, self._monotonic())
            raise
        self._away = None
        self._clock = (answer.at, self._monotonic())
        return answer

    def _last(self, shelf: _Shelf, error: SourceError) -> Loaded[Any]:
        shelf.failing_since = shelf.failing_since or self.now()
        error.since = shelf.failing_since
        if shelf.loaded is None:
            raise error
        return replace(shelf.loaded, trouble=error)

    def _keep(self, shelf: _Shelf, loaded: Loaded[Any], length_bytes: int) -> None:
        with self._lock:
            shelf.loaded, shelf.length_bytes, shelf.failing_since = loaded, length_bytes, None
            held_bytes = sum(shelf.length_bytes for shelf in self._shelves.values())
            while held_bytes > HELD_BYTES_MAX and len(self._shelves) > 1:
                _, dropped = self._shelves.popitem(last=False)
                held_bytes -= dropped.length_bytes


def _understood(kind: TypeAdapter[T], answer: Answer) -> T:
    try:
        return kind.validate_json(answer.body)
    except ValidationError as error:
        raise Failing("The API's answer is not one that this dashboard understands.") from error
