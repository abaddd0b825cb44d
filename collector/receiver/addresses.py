"""Listening addresses."""

import socket

from collector.errors import AddressUnavailable

_BACKLOG = 2048


def listen(address: str) -> socket.socket:
    """Return a socket that listens on `host:port`; an IPv6 host stands in brackets.

    Raises
    ------
    AddressUnavailable
        In use, not one of this machine's, or no address.
    """
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, int(port)), family=family, backlog=_BACKLOG)
    except (OSError, ValueError, OverflowError) as error:
        raise AddressUnavailable(f"cannot listen on {address} for OTLP/HTTP: {error}") from error
