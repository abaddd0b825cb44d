"""Ports: whether each is free, who has it when not, and a free one for port 0."""

import errno
import socket
from collections.abc import Mapping
from contextlib import ExitStack

import psutil

from doldrums.address import Address
from doldrums.configuration import variable
from doldrums.errors import UserError


def claimed(addresses: Mapping[str, Address]) -> dict[str, Address]:
    """Return the addresses, each seen to be free and with a real port for port 0.

    A child that is restarted then keeps its address.

    Parameters
    ----------
    addresses
        By the name of the setting, which a message names.

    Raises
    ------
    UserError
        An address cannot be listened on.
    """
    with ExitStack() as sockets:
        # all are held until the last is known, so that no port is given out twice
        return {name: _claim(name, address, sockets) for name, address in addresses.items()}


def owner(port: int) -> str | None:
    """Return the process that listens on the port, as far as this user may know it."""
    try:
        for connection in psutil.net_connections("tcp"):
            place = connection.laddr
            listening = connection.status == psutil.CONN_LISTEN and place and place.port == port
            if listening and connection.pid:
                return f"process {connection.pid}, {psutil.Process(connection.pid).name()}"
    except psutil.Error:
        return None
    return None


def _claim(name: str, address: Address, sockets: ExitStack) -> Address:
    try:
        return Address(address.host, _bind(address, sockets))
    except OSError as error:
        raise UserError(f"{variable(name)} is {address}: {_reason(address, error)}.") from None


def _bind(address: Address, sockets: ExitStack) -> int:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, place = found[0]
    listener = sockets.enter_context(socket.socket(family, kind, protocol))
    # what a closed connection leaves behind for a minute is no reason to refuse
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(place)
    return int(listener.getsockname()[1])


def _reason(address: Address, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "that host is not known here"
    if error.errno == errno.EADDRINUSE:
        held_by = owner(address.port)
        return (
            f"that port is in use{f' by {held_by}' if held_by else ''}; stop what uses it or choose another"
        )
    if error.errno == errno.EACCES:
        return "this user may not listen on that port; choose one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine has no such address; 127.0.0.1 and 0.0.0.0 it has"
    return f"it cannot be listened on ({error.strerror})"
