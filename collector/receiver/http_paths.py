"""Where over HTTP which signal is taken."""

from collections.abc import Iterable, Mapping

from collector.otlp.signal import Signal

_SIGNALS: Mapping[str, Signal] = {f"/v1/{signal}": signal for signal in Signal}

# The second is where Langfuse's SDK sends to.
_PREFIXES = ("", "/api/public/otel")


def signals_by_path(prefixes: Iterable[str] = ()) -> dict[str, Signal]:
    """Return what is taken at which path, under the built-in prefixes and these.

    Examples
    --------
    >>> list(signals_by_path(["/collector"]))[::3]
    ['/v1/traces', '/api/public/otel/v1/traces', '/collector/v1/traces']
    """
    return {
        f"{prefix}{path}": signal for prefix in (*_PREFIXES, *prefixes) for path, signal in _SIGNALS.items()
    }
