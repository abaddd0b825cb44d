"""A storm of one event fills no disk: of each kind so many a minute are logged, and the rest is counted."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from structlog.typing import EventDict, WrappedLogger

_EVENTS_MAX = 20
_PERIOD_S = 60.0
# A library that writes values into its texts has kinds without an end.
_KINDS_MAX = 1_000
_KIND_CHARS_MAX = 200


@dataclass
class _Seen:
    until_s: float
    events: int = 0


class Repeats(logging.Filter):
    """Passes the first 20 of a kind in a minute: the same event of the same logger at the same level.

    The last of them says for how long the rest is left out, and the next how many that were.

    Parameters
    ----------
    now_s
        A clock that never turns back, in seconds.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now_s = now_s
        self._seen: dict[tuple[str, int, str], _Seen] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is written, and add what is to be said of others."""
        with self._lock:
            now_s, kind = self._now_s(), _kind(record)
            seen = self._seen.get(kind)
            if seen is None or seen.until_s <= now_s:
                record.left_out = max(0, seen.events - _EVENTS_MAX) if seen else 0
                seen = self._begin(kind, now_s)
            seen.events += 1
            if seen.events == _EVENTS_MAX:
                record.leaving_out_s = round(seen.until_s - now_s)
            return seen.events <= _EVENTS_MAX

    def _begin(self, kind: tuple[str, int, str], now_s: float) -> _Seen:
        if len(self._seen) >= _KINDS_MAX:
            self._seen.clear()
        self._seen[kind] = _Seen(until_s=now_s + _PERIOD_S)
        return self._seen[kind]


def tell_repeats(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put what `Repeats` found into the event, as a processor before structlog removes the record."""
    told = {name: getattr(event["_record"], name, 0) for name in ("left_out", "leaving_out_s")}
    return {**event, **{name: value for name, value in told.items() if value}}


def _kind(record: logging.LogRecord) -> tuple[str, int, str]:
    # of a library's record the text before its values are put in
    text = record.msg["event"] if isinstance(record.msg, dict) else record.msg
    return record.name, record.levelno, str(text)[:_KIND_CHARS_MAX]
