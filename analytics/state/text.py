"""Text that both databases take: what telemetry says may hold anything."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from analytics.rfc3339 import rfc3339

CHARS_MAX = 1_000

# PostgreSQL refuses NUL, and no encoder takes half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str, chars_max: int = CHARS_MAX) -> str:
    """Return `text` with what cannot be stored as U+FFFD, cut with an ellipsis at `chars_max`."""
    cut = text if len(text) <= chars_max else f"{text[: chars_max - 1]}…"
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", cut)


def storable_json(value: Any, chars_max: int = CHARS_MAX) -> Any:
    """Return `value` as strict JSON: texts storable, times RFC 3339, NaN and infinities null.

    Raises
    ------
    TypeError
        For what JSON has no form for.
    """
    match value:
        case None | bool() | int():
            return value
        case float():
            return float(value) if isfinite(value) else None
        case str():
            return storable(value, chars_max)
        case datetime():
            return rfc3339(value)
        case Mapping():
            return {storable(key, chars_max): storable_json(item, chars_max) for key, item in value.items()}
        case Sequence():
            return [storable_json(item, chars_max) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")
