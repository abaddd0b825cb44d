"""GET /metrics of a process: Prometheus' text, and who may read it.

Instruments stand in the modules whose work they measure and are in the library's own registry; what
is counted already is read by a collector of the process when somebody asks.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    REGISTRY,
    CollectorRegistry,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# Whoever passes requests on says for whom: they come from this machine and were not sent here.
_FORWARDED = (b"forwarded", b"x-forwarded-for")
_REFUSALS = {
    HTTPStatus.UNAUTHORIZED: "the header `Authorization: Bearer` with the value of metrics_token is needed",
    HTTPStatus.FORBIDDEN: "only this machine may read /metrics: set metrics_token to let others",
}

# a series beside each counter and histogram that says what process_start_time_seconds says
disable_created_metrics()


class Exposition:
    """Answers GET /metrics.

    Parameters
    ----------
    collector
        Of what this process counts without instruments.
    token
        Whoever has it may read. Without one whoever calls from this machine may.
    """

    def __init__(self, collector: Collector, token: str | None) -> None:
        self._token = token
        self._registry = CollectorRegistry()
        self._registry.register(REGISTRY)
        self._registry.register(collector)

    def answer(self, scope: Mapping[str, Any]) -> tuple[HTTPStatus, bytes]:
        """Return the status and the text for a request, by its ASGI scope."""
        status = _access(scope, self._token)
        if status is HTTPStatus.OK:
            return status, generate_latest(self._registry)
        return status, _REFUSALS[status].encode()


def _access(scope: Mapping[str, Any], token: str | None) -> HTTPStatus:
    headers = dict(scope["headers"])
    if token is not None:
        given = headers.get(b"authorization", b"").removeprefix(b"Bearer ")
        return HTTPStatus.OK if hmac.compare_digest(given, token.encode()) else HTTPStatus.UNAUTHORIZED
    local = _is_loopback(scope) and not any(name in headers for name in _FORWARDED)
    return HTTPStatus.OK if local else HTTPStatus.FORBIDDEN


def _is_loopback(scope: Mapping[str, Any]) -> bool:
    try:
        address = ipaddress.ip_address((scope.get("client") or [""])[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
