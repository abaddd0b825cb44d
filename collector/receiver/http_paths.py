"""Where over HTTP which signal is taken."""

from collections.abc import Iterable, Mapping
from typing import Literal

Signal = Literal["traces"]

_SIGNALS: Mapping[str, Signal] = {"/v1/traces": "traces"}

# The second is where Langfuse's SDK sends to.
_PREFIXES = ("", "/api/public/otel")


def signals_by_path(prefixes: Iterable[str] = ()) -> dict[str, Signal]:
    """Return what is taken at which path, under the built-in prefixes and these.

    Examples
    --------
    >>> list(signals_by_path(["/collector"]))
    ['/v1/traces', '/api/public/otel/v1/traces', '/collector/v1/traces']
    """
    return {
        f"{prefix}{path}": signal for prefix in (*_PREFIXES, *prefixes) for path, signal in _SIGNALS.items()
    }
