"""Traces of doldrums itself, sent where the setting says, and never to itself.

The SDK would also read OTEL_* variables, which on this machine are most often meant for agents:
the supervisor hands none of them to its children, and what there is to say is said here.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from urllib.parse import urlsplit

import psutil
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from doldrums.address import Address
from doldrums.errors import UserError

_PATH = "/v1/traces"
_PORTS = {"http": 80, "https": 443}
# An endpoint that does not answer delays a stop no longer; the spans since the last batch are lost.
_STOP_S_MAX = 0.5


@contextmanager
def own_traces_sent(endpoint: str | None) -> Iterator[None]:
    """Send what this process's tracers record meanwhile; without an endpoint they record nothing."""
    if endpoint is None:
        yield
        return
    resource = Resource({"service.name": "doldrums", "service.version": version("doldrums")})
    provider = TracerProvider(ALWAYS_ON, resource, shutdown_on_exit=False)
    url = endpoint.rstrip("/").removesuffix(_PATH) + _PATH
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url)))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(_STOP_S_MAX)


def refuse_own(endpoint: str, addresses: Mapping[str, Address]) -> None:
    """Refuse an endpoint that is one of our own `addresses`, however it is spelt.

    Storing a span of our own would make another one, without an end.

    Raises
    ------
    UserError
        It is one.
    """
    url = urlsplit(endpoint)
    port = url.port or _PORTS[url.scheme]
    ours = [name for name, address in addresses.items() if address.port == port]
    if ours and _is_this_machine(url.hostname or ""):
        raise UserError(
            f"own_traces_endpoint is {ours[0]} of this doldrums itself, which would record the recording "
            "of its own traces without end: name another receiver, or leave the setting out."
        )


def _is_this_machine(host: str) -> bool:
    if host == socket.gethostname().lower():
        return True
    try:
        found = socket.getaddrinfo(host.rstrip("."), None)
    except OSError:
        return False  # nobody can be called there
    here = {_address(one.address) for card in psutil.net_if_addrs().values() for one in card}
    called = {_address(str(entry[4][0])) for entry in found}
    return any(one in here or one.is_loopback or one.is_unspecified for one in called if one)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None  # of another family: a card's own number
    return getattr(address, "ipv4_mapped", None) or address
